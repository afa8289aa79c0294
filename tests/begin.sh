# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the scripts of tests begin with. A folder of their own, $dir, which is gone when they end and where the program
# keeps what it keeps; and lines of TAP, counted in $n, so that a script ends with: echo "1..$n"
set -u
unset OPENBLAS_CORETYPE # the machine's own choice is what is tested; one that costs time is told on stderr
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
XDG_CACHE_HOME=$dir XDG_STATE_HOME=$dir XDG_CONFIG_HOME=$dir XDG_DATA_HOME=$dir
export XDG_CACHE_HOME XDG_STATE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
n=0
found=
ok() { # status name; the complaints of a test that fails may stand in $found
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"
        [ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/# /'
    fi
}
skip() { n=$((n + 1)) && echo "ok $n # SKIP $1"; }
