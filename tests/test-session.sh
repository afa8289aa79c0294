#!/bin/sh
# SPDX-License-Identifier: MIT
# A session saved in the lab, and replayed: the same weights every time.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
lab() { "$SADDLE" --plain --paused --set network="linear 12 relu bn dropout | linear 41" --set context=1 --set eval_every=100 "$@"; }

# 30 edits, 2 forks and one step back
{
    i=0
    echo 'step 20'
    while [ $i -lt 30 ]; do
        [ $((i % 2)) -eq 0 ] && echo "set lr $((i + 1))e-4" || echo "set batch_size $((100 + i))"
        case $i in
        5) echo fork ;;
        11) echo 'run A' ;;
        14) echo fork ;;
        20) printf 'run B\nwait\nback 27\n' ;;
        esac
        printf 'step 4\nwait\n'
        i=$((i + 1))
    done
    echo "session $dir/s.txt"
    echo wait
    echo "session $dir/s.txt"
    echo 'session'
} | lab --checkpoint "$dir/last.safetensors" > "$dir/out" 2> "$dir/err"
[ $? -eq 0 ] && has "$dir/out" 'session saved as' && has "$dir/out" 'run C is forked from run A' &&
    has "$dir/out" 'session: a file' && [ "$(grep -c ' end [0-9a-f]\{64\}$' "$dir/s.txt")" -eq 3 ]
ok $? "a session with three runs is saved as text"
for k in 1 2 3; do
    "$SADDLE" replay "$dir/s.txt" --json --threads $((k % 2 + 1)) > "$dir/sum$k" 2>> "$dir/err" || echo failed >> "$dir/sum$k"
done
cmp -s "$dir/sum1" "$dir/sum2" && cmp -s "$dir/sum1" "$dir/sum3" && [ "$(wc -l < "$dir/sum1")" -eq 1 ] &&
    has "$dir/sum1" '^{"runs":{"A":{"step":[0-9]*,"checksum":"[0-9a-f]\{64\}"},"B":.*,"C":.*}}$'
ok $? "it is replayed three times with the same checksums, whatever the threads"
for run in A B C; do
    sum=$(sed -n "s/^[0-9]* $run end //p" "$dir/s.txt")
    has "$dir/sum1" "\"checksum\":\"$sum\"" || echo "$run"
done > "$dir/differ"
[ ! -s "$dir/differ" ]
ok $? "and they are those of the runs that were trained"
"$SADDLE" replay "$dir/s.txt" > "$dir/out" && has "$dir/out" '^run B: step [0-9]*, weights [0-9a-f]\{64\}$' &&
    has "$dir/out" 'run C: weights identical to the session'
ok $? "in words it tells the log and the weights"
sed 's/ end ....../ end 000000/' "$dir/s.txt" > "$dir/other.txt"
"$SADDLE" replay "$dir/other.txt" > "$dir/out" 2> "$dir/err"
[ $? -eq 3 ] && has "$dir/err" 'other.txt: the replay is done: its weights differ'
ok $? "weights that differ from the session's end with exit 3"
sed 's/^\([0-9]* A\) learning_rate/\1 learning_rat/' "$dir/s.txt" > "$dir/other.txt"
"$SADDLE" replay "$dir/other.txt" > "$dir/out" 2> "$dir/err"
[ $? -eq 3 ] && has "$dir/err" 'other.txt: line [0-9]*: unknown setting or action' && [ "$(wc -l < "$dir/err")" -eq 1 ]
ok $? "a line that is none: one sentence with file and line, exit 3"
"$SADDLE" replay > "$dir/out" 2> "$dir/err"
[ $? -eq 2 ] && has "$dir/err" 'a session file is missing'
ok $? "without a file: a usage error"
printf 'step 3\nwait\nsession %s\nsession! %s\nwait\n' "$dir/last.safetensors" "$dir/s.txt" | lab > "$dir/out" 2>&1
has "$dir/out" 'last.safetensors' && has "$dir/out" 'session! replaces it' && has "$dir/out" 'session saved as'
ok $? "another file is not replaced without !"
cp "$dir/s.txt" "$dir/theirs.txt"
printf 'session %s\nwait\nsession %s\nwait\nstep 1\nwait\nsession %s\nwait\n' "$dir/theirs.txt" "$dir/mine.txt" "$dir/mine.txt" | lab > "$dir/out" 2>&1
has "$dir/out" 'theirs.txt: file exists; session! replaces it' && cmp -s "$dir/s.txt" "$dir/theirs.txt" &&
    [ "$(grep -c 'session saved as .*mine.txt' "$dir/out")" -eq 2 ]
ok $? "another session's text is not replaced unasked, one's own is"
printf 'fork\nfork\nfork\nfork\ndrop E\nback x\nback 9\nrun\ndrop A\ndrop B\ndrop C\ndrop D\ncompare x\nfork x\n' | lab > "$dir/out" 2>&1
has "$dir/out" 'there are already four runs' && has "$dir/out" 'drop: expected a run' && has "$dir/out" 'back: expected a step' &&
    has "$dir/out" 'step 9 is outside run D (steps 0 to 0)' && has "$dir/out" 'run: expected a run' &&
    has "$dir/out" 'the only run cannot be dropped' && has "$dir/out" 'compare: expected one of' && has "$dir/out" 'fork: takes no argument'
ok $? "what cannot be done with runs is refused in a sentence"

# Resumed, the runs go on to the bit, with their edits and their log.
rm -rf "$dir/saddle/sessions"
"$SADDLE" --plain --resume < /dev/null > "$dir/out" 2> "$dir/err"
[ $? -eq 2 ] && has "$dir/err" 'no session to resume'
ok $? "without a session there is nothing to resume"
ends() { sed -n 's/^\([0-9]* [A-D]\) end /\1 /p' "$1"; }
printf 'step 13\nwait\nset lr 2e-3\nfork\nset batch_size 64\nstep 8\nwait\n' > "$dir/first"
printf 'step 9\nwait\nrun A\nset lr 5e-3\nstep 2\nwait\nsession! %s\nwait\n' "$dir/end.txt" > "$dir/second"
cat "$dir/first" "$dir/second" | lab > "$dir/out" 2> "$dir/err" && ends "$dir/end.txt" > "$dir/straight"
lab < "$dir/first" > "$dir/out" 2> "$dir/err" && has "$dir/err" 'saddle --resume' &&
    "$SADDLE" --plain --paused --resume < "$dir/second" > "$dir/out" 2>> "$dir/err" && ends "$dir/end.txt" > "$dir/resumed"
[ "$(wc -l < "$dir/straight")" -eq 2 ] && found=$(diff "$dir/straight" "$dir/resumed")
ok $? "a session that is resumed goes on to the bit"
has "$dir/out" 'run B is forked from run A at step 13' && has "$dir/out" 'session resumed'
ok $? "with its log"
"$SADDLE" replay "$dir/end.txt" > "$dir/out" 2>&1
ok $? "and is replayed from its beginning"
printf 'undo\nwait\nundo\nwait\n\n' | "$SADDLE" --plain --paused --resume > "$dir/out" 2>&1
has "$dir/out" 'undo: learning rate .* 2e-3, back at step 30, with its weights' &&
    has "$dir/out" 'undo: learning rate 2e-3 → 1e-3, back at step 13, with its weights'
ok $? "and its edits can be undone"
printf 'wait\nquit\n' | "$SADDLE" --plain --resume > "$dir/out" 2>&1
has "$dir/out" ': paused' && ! has "$dir/out" ': training'
ok $? "a session that was paused is paused when it is resumed"
"$SADDLE" --resume --dump-screen 80x24 > "$dir/out" 2>&1 && has "$dir/out" 'train [0-9]'
ok $? "and its curves are there"
"$SADDLE" --plain --resume --recipe quick < /dev/null > "$dir/out" 2>&1
[ $? -eq 2 ] && has "$dir/out" 'do not apply'
ok $? "what would change it is refused"
echo nonsense > "$dir/none.session"
"$SADDLE" --plain --resume="$dir/none.session" < /dev/null > "$dir/out" 2>&1
[ $? -eq 3 ] && has "$dir/out" 'none.session'
ok $? "a file that is none is refused by name"

# Curves in a form that this program does not know: the session goes on without them, and says so.
newest=$(ls -t "$dir"/saddle/sessions/*.session | head -n 1)
LC_ALL=C sed 's/curves 2/curves 9/' "$newest" > "$dir/other" && cat "$dir/other" > "$newest"
echo quit | "$SADDLE" --plain --paused --resume > "$dir/out" 2>&1 && has "$dir/out" 'curves of runs* [A-D]* were not restored' &&
    has "$dir/out" 'session resumed'
ok $? "curves that cannot be read are told"

# A log that names a run that there is not: its letter would be a control character.
printf 'fork\nwait\nquit\n' | "$SADDLE" --plain --paused --set network="linear 8 relu | linear 41" --set context=1 > /dev/null 2>&1
newest=$(ls -t "$dir"/saddle/sessions/*.session | head -n 1)
LC_ALL=C sed 's/1 run B is forked/-38 run B forked!/' "$newest" > "$dir/other" && ! cmp -s "$dir/other" "$newest" &&
    "$SADDLE" --resume="$dir/other" --dump-screen 100x40 > "$dir/out" 2>&1 && has "$dir/out" 'train' &&
    ! LC_ALL=C grep -q "$(printf '\033')" "$dir/out"
ok $? "a log of a damaged session does not drive the terminal"

# Killed at any moment, the session of at most an autosave ago is there.
mkdir -p "$dir/saddle" && printf '[screen]\nautosave = 0.02\n' > "$dir/saddle/config.ini"
rm -rf "$dir/saddle/sessions"
mkfifo "$dir/pipe"
killed=0 broken=
while [ $killed -lt 12 ]; do
    if [ $killed -gt 0 ]; then
        "$SADDLE" --plain --every 50 --resume > "$dir/out" 2> "$dir/err" < "$dir/pipe" &
    else
        lab --every 50 > "$dir/out" 2> "$dir/err" < "$dir/pipe" &
    fi
    pid=$!
    exec 3> "$dir/pipe"
    printf 'resume\nfork\n' >&3
    i=0
    while [ "$(ls "$dir/saddle/sessions" 2> /dev/null | grep -c 'session$')" -eq 0 ] || [ $i -lt $((killed * 7)) ]; do
        i=$((i + 1))
        kill -0 $pid 2> /dev/null || break
        [ $i -lt 100000 ] || break
    done
    kill -9 $pid 2> /dev/null || broken="$broken $killed:$(cat "$dir/err")"
    exec 3>&-
    wait $pid 2> /dev/null
    killed=$((killed + 1))
done
found=$broken
[ -z "$broken" ] && echo quit | "$SADDLE" --plain --paused --resume > "$dir/out" 2>&1 && has "$dir/out" 'session resumed'
ok $? "after twelve kill -9 it is resumed"
echo "1..$n"
