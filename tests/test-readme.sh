#!/bin/sh
# SPDX-License-Identifier: MIT
# The README is true: each `saddle …` line of its code blocks runs, and its picture has the panes and keys of the screen
# that its own command draws. TAP.
. "${srcdir:-.}"/tests/begin.sh
readme=$(cd "${srcdir:-.}" && pwd)/README.md
sample=$(cd "${srcdir:-.}" && pwd)/datasets/phones.safetensors
mkdir "$dir/scratch" "$dir/bin" && ln -s "$SADDLE" "$dir/bin/saddle" && cd "$dir/scratch" || exit 1
PATH=$dir/bin:$PATH LC_ALL=C.UTF-8 TERM=xterm-256color
export PATH LC_ALL TERM

# A second of 16 kHz mono, and the answer to a program that reads commands.
{
    printf 'RIFF\044\175\0\0WAVEfmt \020\0\0\0\001\0\001\0\200\076\0\0\0\175\0\0\002\0\020\0data\0\175\0\0'
    tail -c 32000 "$sample"
} > recording.wav
echo quit > "$dir/quit"
printf 'step 2\nwait\nsession session.txt\nwait\n' | "$SADDLE" --plain --paused > "$dir/out" 2>&1

# Why a command cannot run here, "" if it can.
obstacle() { # arguments of saddle
    case " $* " in
    " data import libriphone "*) echo "needs a homework folder" ;;
    *" --plain "* | *" --dump-screen "*) ;;
    "  " | " -"* | " lab "*) echo "needs a terminal" ;;
    esac
}

sed -n 's/^    saddle\( .*\)\{0,1\}$/saddle\1/p' "$readme" > "$dir/commands"
[ "$(wc -l < "$dir/commands")" -ge 10 ]
ok $? "there are commands in the README"
ran=0
while IFS= read -r command; do
    command=${command%%  *#*}
    why=$(eval "set -- $command" && shift && obstacle "$@")
    if [ -n "$why" ]; then
        skip "$why: $command"
        continue
    fi
    eval "$command" > "$dir/out" 2> "$dir/e" < "$dir/quit"
    status=$?
    found=$(cat "$dir/e")
    [ $status -eq 0 ] && [ -s "$dir/out" ]
    ok $? "$command"
    ran=$((ran + 1))
    case $command in *--dump-screen*) cp "$dir/out" "$dir/screen" ;; esac
done < "$dir/commands"
[ $ran -ge 10 ]
ok $? "and ten of them or more ran"

# Figures may differ from one processor to another, frames and keys may not.
titles() { grep -o '╭─ [a-z ]* ─' "$1"; tail -n 1 "$1"; }
sed -n '/^```$/,/^```$/p' "$readme" | grep -v '^```' | head -n 24 > "$dir/picture"
titles "$dir/picture" > "$dir/a" && titles "$dir/screen" > "$dir/b" && found=$(diff "$dir/a" "$dir/b") && [ "$(wc -l < "$dir/a")" -ge 5 ]
ok $? "the picture has the panes and keys of the screen"
echo "1..$n"
