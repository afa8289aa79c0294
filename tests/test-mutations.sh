#!/bin/sh
# SPDX-License-Identifier: MIT
# Every kind of file that is read, damaged in the same few places each time: the program ends by itself, with a code of its own
# and a sentence, and lets no control character through. $SADDLE_MUTATIONS says how often, 40 times with make check-long.
. "${srcdir:-.}"/tests/begin.sh
times=${SADDLE_MUTATIONS:-$([ -n "${SADDLE_LONG:-}" ] && echo 40 || echo 4)}
net='network=linear 4 relu bn | linear 41'
small() { "$SADDLE" "$@" --set "$net" --set context=1; }
mkdir "$dir/seed" && cd "$dir" || exit 1
small train --steps 2 --checkpoint seed/m.safetensors > out &&
    printf 'step 3\nwait\nfork\nset lr 1e-2\nstep 2\nwait\nsession seed/s.txt\nwait\nquit\n' |
    "$SADDLE" --plain --paused --no-record --set "$net" --set context=1 --checkpoint lab.safetensors > out 2> e &&
    cp saddle/sessions/*.session seed/s.session && cp saddle/runs.db seed/runs.db && cp "$srcdir/datasets/recipes/strong.ini" seed/r.ini &&
    cp "$srcdir/lessons/06-critical-points.md" seed/l.md && cp "$srcdir/datasets/phones.safetensors" seed/d.safetensors &&
    small sweep --set lr=1e-3,1e-2 --steps 2 --no-record -o sweep > out 2> e && cp sweep/plan.ini seed/p.ini && cp sweep/job-0001.json seed/j.json &&
    printf '[screen]\npalette = light\nautosave = 60\n[store]\ncheckpoints = 20\n[keys]\npause = Space\n' > seed/config.ini &&
    printf 'RIFF\244\014\0\0WAVEfmt \020\0\0\0\001\0\001\0\200\076\0\0\0\0\0\0\002\0\020\0data\200\014\0\0' > seed/a.wav &&
    head -c 3200 /dev/zero >> seed/a.wav
ok $? "a file of each kind"

# damage FILE SEED: a byte, a few bytes, a number or the end of it; in the first 3000 bytes most of the time.
damage() {
    size=$(wc -c < "$1")
    # shellcheck disable=SC2046
    set -- "$1" $(awk -v seed="$2" -v size="$size" 'BEGIN {
        x = seed * 7919 + 1
        for (i = 0; i < 12; i++) { x = x * 16807 % 2147483647; r[i] = x / 2147483647 }
        split("0 255 128 34 44 123 125 45 57 10 27 155", bytes, " ")
        split("0 -1 1e999 nan 4294967296 2147483648 -9223372036854775808 18446744073709551616 65536", numbers, " ")
        near = r[4] < .85 && size > 3000 ? 3000 : size
        print int(r[5] * 4), int(r[6] * near), bytes[1 + int(r[7] * 12)], numbers[1 + int(r[8] * 9)], 1 + int(r[9] * 40)
    }')
    case $2 in
    0) head -c "$3" "$1" > part && cat part > "$1" ;;
    1) # the n-th number is another; the rest moves
        LC_ALL=C awk -v n="$6" -v by="$5" 'BEGIN { RS = "\n" } {
            for (out = ""; n > 0 && match($0, /[0-9][0-9.e-]*/); $0 = substr($0, RSTART + RLENGTH)) {
                out = out substr($0, 1, RSTART - 1) (--n ? substr($0, RSTART, RLENGTH) : by)
            }
            print out $0
        }' "$1" > part && cat part > "$1" ;;
    *) # shellcheck disable=SC2059
        printf "\\$(printf %03o "$4")\\$(printf %03o $((255 - $4)))" | dd of="$1" bs=1 seek="$3" conv=notrunc 2> /dev/null
        [ "$2" -eq 3 ] && printf 'AAAAAAAA' | dd of="$1" bs=1 seek=$(($3 / 2)) conv=notrunc 2> /dev/null ;;
    esac
}
# mutations KIND FILE PLACE COMMAND…: the damaged FILE at PLACE
mutations() {
    kind=$1 file=$2 place=$3
    shift 3
    found=
    for seed in $(seq "$times"); do
        mkdir -p "$(dirname "$place")"
        cp "seed/$file" "$place" && chmod u+w "$place" && damage "$place" "$((seed * 31 + n))"
        timeout 60 "$@" > out 2> e < /dev/null
        status=$?
        if [ $status -gt 4 ] || { [ $status -gt 0 ] && ! grep -q '^saddle: \|failed\|^ *[0-9] \|[a-z]:[0-9]' out e; } ||
            grep -aq 'Sanitizer\|runtime error' e || LC_ALL=C grep -aq "$(printf '\033\\|\302\233')" out e; then
            found="$found$kind $seed: exit $status, $(head -c 300 e)"
        fi
    done
    [ -z "$found" ]
    ok $? "$kind"
}
mutations checkpoint m.safetensors x.safetensors "$SADDLE" eval --checkpoint x.safetensors
mutations "checkpoint to go on from" m.safetensors x.safetensors "$SADDLE" train --from x.safetensors --steps 1 --no-record
mutations "weights to import" m.safetensors x.safetensors "$SADDLE" import-weights x.safetensors -o y.safetensors --force --set "$net" --set context=1
mutations session s.session x.session "$SADDLE" --plain --paused --no-record --resume=x.session
mutations "session as text" s.txt x.txt "$SADDLE" replay x.txt
mutations recipe r.ini x.ini "$SADDLE" train --recipe x.ini --steps 0 --no-record --set "$net"
mutations lesson l.md x.md "$SADDLE" lesson check x.md
mutations plan p.ini x.ini "$SADDLE" sweep list-jobs x.ini
mutations "result of a job" j.json sweep/job-0001.json "$SADDLE" sweep gather sweep
mutations "data set" d.safetensors d.safetensors "$SADDLE" data info d.safetensors
mutations recording a.wav x.wav "$SADDLE" features x.wav -o y --force
mutations configuration config.ini c/saddle/config.ini env XDG_CONFIG_HOME="$dir/c" "$SADDLE" --dump-screen 80x24
mutations "store of runs" runs.db b/saddle/runs.db env XDG_DATA_HOME="$dir/b" "$SADDLE" runs show quick-1
cd / || exit 1
echo "1..$n"
