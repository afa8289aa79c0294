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
[ $? -eq 3 ] && has "$dir/err" 'other.txt: line [0-9]*: there is no such setting or action' && [ "$(wc -l < "$dir/err")" -eq 1 ]
ok $? "a line that is none: one sentence with file and line, exit 3"
"$SADDLE" replay > "$dir/out" 2> "$dir/err"
[ $? -eq 2 ] && has "$dir/err" 'a session file is missing'
ok $? "without a file: a usage error"
printf 'step 3\nwait\nsession %s\nsession! %s\nwait\n' "$dir/last.safetensors" "$dir/s.txt" | lab > "$dir/out" 2>&1
has "$dir/out" 'last.safetensors' && has "$dir/out" 'session! replaces it' && has "$dir/out" 'session saved as'
ok $? "another file is not replaced without !"
printf 'fork\nfork\nfork\nfork\ndrop E\nback x\nback 9\nrun\ndrop A\ndrop B\ndrop C\ndrop D\ncompare x\nfork x\n' | lab > "$dir/out" 2>&1
has "$dir/out" 'there are four runs already' && has "$dir/out" 'drop: expected a run' && has "$dir/out" 'back: expected a step' &&
    has "$dir/out" 'step 9 is outside run D, which can go back to steps 0 to 0' && has "$dir/out" 'run: expected a run' &&
    has "$dir/out" 'the only run cannot be dropped' && has "$dir/out" 'compare: expected one of' && has "$dir/out" 'fork: it takes no word'
ok $? "what cannot be done with runs is refused in a sentence"
echo "1..$n"
