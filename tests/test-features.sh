#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle features: what it prints and writes, and how it refuses. TAP.
. "${srcdir:-.}"/tests/begin.sh

check() { # check WHAT COMMAND…: ok when the command succeeds
    what=$1
    shift
    "$@"
    ok $? "$what"
}

# wav RATE: 1600 samples of silence, 8 frames at 16 kHz. RATE is its two low bytes as octal escapes.
wav() {
    printf 'RIFF\244\014\0\0WAVEfmt \020\0\0\0\001\0\001\0'"$1"'\0\0\0\0\0\0\002\0\020\0data\200\014\0\0'
    head -c 3200 /dev/zero
}
wav '\200\076' >"$dir/a.wav"
cp "$dir/a.wav" "$dir/b.wav"
wav '\100\037' >"$dir/slow.wav"
printf '%s\n' "$dir/a.wav" "$dir/b.wav" >"$dir/list"

fails() { # fails CODE WORDS COMMAND…
    code=$1 words=$2
    shift 2
    "$@" >"$dir/out" 2>"$dir/err"
    [ $? -eq "$code" ] && grep -q "$words" "$dir/err" && [ "$(wc -l <"$dir/err")" -eq 1 ] && [ ! -s "$dir/out" ]
}

shape() { [ "$("$SADDLE" features "$dir/a.wav" | awk '{ print NF }' | sort | uniq -c | tr -s ' ')" = " 8 39" ]; }
heads() { [ "$("$SADDLE" features --list "$dir/list" | grep -c '^# ')" -eq 2 ]; }
raw() { "$SADDLE" features -o "$dir/o.f32" --list "$dir/list" && [ "$(wc -c <"$dir/o.f32")" -eq 2496 ]; }
json() {
    "$SADDLE" features --json -o "$dir/o.f32" "$dir/a.wav" "$dir/b.wav" >"$dir/out" &&
        tail -n 1 "$dir/out" | grep -q '"first": 8, "frames": 8, "dims": 39}$'
}
whole() { "$SADDLE" features --json "$dir/a.wav" | grep -q '"features": \[\[0.0, '; }
plain() { [ "$("$SADDLE" features --plain "$dir/a.wav" | head -n 1 | cut -d ' ' -f 1)" = -76.45699 ]; }
kept() { ! "$SADDLE" features -o "$dir/o.f32" "$dir/none.wav" 2>/dev/null && [ "$(wc -c <"$dir/o.f32")" -eq 2496 ]; }
full() { ! "$SADDLE" features "$dir/a.wav" 2>/dev/null >/dev/full; }

check "a line of 39 numbers for each frame" shape
check "several recordings get a heading each" heads
check "raw floats of a list of recordings" raw
check "JSON says where a recording's frames begin" json
check "JSON holds the frames when no file does" whole
check "digital silence is the floor of the logarithm" plain
check "a failure leaves the old file whole" kept
check "a full disk is noticed" full
check "another rate is refused" fails 3 "slow.wav: 8000 samples a second" "$SADDLE" features "$dir/slow.wav"
check "a missing file is refused" fails 3 "none.wav: cannot read" "$SADDLE" features "$dir/none.wav"
check "no recording is refused" fails 2 "no recording given" "$SADDLE" features
check "an unknown option is refused" fails 2 "not an option" "$SADDLE" features --nonsense "$dir/a.wav"
check "a missing value is refused" fails 2 "needs a value" "$SADDLE" features "$dir/a.wav" -o
echo "1..$n"
