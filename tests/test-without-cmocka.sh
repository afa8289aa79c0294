#!/bin/sh
# SPDX-License-Identifier: MIT
# The Makefile of a configure that found no cmocka: the program needs none, and what needs it says so.
. "${srcdir:-.}"/tests/begin.sh
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that runs the tests
cd "${builddir:-.}" || exit 1
makefile=Makefile-without-cmocka # in this folder: the paths in it are relative
trap 'rm -rf "$dir" "$makefile"' EXIT
sed -e 's/^S\["CMOCKA_TRUE"\]=.*/S["CMOCKA_TRUE"]="#"/' -e 's/^S\["CMOCKA_FALSE"\]=.*/S["CMOCKA_FALSE"]=""/' config.status > "$dir/config.status" &&
    sh "$dir/config.status" --silent --file="$makefile:Makefile.in" && grep -q '^check_DATA' "$makefile"
ok $? "config.status writes a Makefile for a system without cmocka"
sentence='The tests need cmocka: install it .* and run configure again\.'
for goal in check check-long bench; do
    make -s -f "$makefile" "$goal" > "$dir/out" 2>&1
    status=$?
    found=$(cat "$dir/out")
    [ $status -ne 0 ] && grep -q "^$sentence$" "$dir/out" && ! grep -Evq "^$sentence$|^make" "$dir/out"
    ok $? "make $goal says in one sentence that it needs cmocka, and nothing else"
done
make -n -f "$makefile" -W src/core/err.c -W tui/views.c all > "$dir/out" 2>&1
status=$?
found=$(grep -E 'tests/[a-z-]*\.|-lcmocka' "$dir/out")
[ $status -eq 0 ] && grep -q 'views\.c' "$dir/out" && [ -z "$found" ]
ok $? "make makes nothing of the tests"
echo "1..$n"
