#!/bin/sh
# SPDX-License-Identifier: MIT
# The lessons: their files and translations, and that what they say is measured. SADDLE_LONG=1: by three seeds.
. "${srcdir:-.}"/tests/begin.sh
LC_ALL=C.UTF-8
export LC_ALL
lessons=${srcdir:-.}/lessons

# What the lab acts on: commands, views, expressions; and the figures in sentences.
acts() { # FILE
    awk '/^```/ { block = block ? "" : substr($0, 4); if (block) print "[" block "]"; next }
         block == "do" || block == "show" { print }
         block == "check" { sub(/ *\|.*/, ""); print }
         block == "ask" && /^- number / { print }
         block == "ask" && /^- .*\|/ { sub(/.*\| */, ""); print }' "$1"
    grep -o '{[^}]*}' "$1" | sort
}
text() { awk '/^```/ { block = !block; print ""; next } { print block || /^[|#]/ ? "" : $0 }' "$1"; } # the same lines, blocks and tables blank
checks() { awk '/^```/ { check = $0 == "```check"; next } check' "$1" | grep -c .; }
# The lesson with one check more in each step: of a question's choices exactly one is right when the step is done.
judged() { # FILE
    awk 'function judge() {
             if (sum) printf "\n```check\n%s == 1 | one answer is right | not one answer is right: %s\n```\n", sum, shown
             sum = shown = ""
         }
         /^## / { judge() }
         /^```/ { asks = $0 == "```ask" }
         asks && /^- / {
             condition = $0
             if (sub(/^- number /, "", condition)) {
                 sub(/ within .*/, "", condition)
                 condition = "abs(" condition ") >= 0"
             } else
                 sub(/.*\| */, "", condition)
             sum = sum (sum ? " + " : "") "(" condition ")"
             shown = shown (condition ~ /"/ ? "" : " {" condition "}")
         }
         { print }
         END { judge() }' "$1"
}

# ---- files ----
[ "$(find "$lessons" -maxdepth 1 -name '[0-9]*.md' | wc -l)" -eq 17 ]
ok $? "there are 17 lessons"
for english in "$lessons"/[0-9]*.md; do
    name=$(basename "$english")
    for file in "$english" "$lessons/zh-TW/$name"; do
        found=$("$SADDLE" lesson check "$file" 2>&1)
        ok $? "no error in ${file#"$lessons"/}"
        found=$(grep -o 'glossary\.md#[^)]*' "$file" | sed 's/.*#//; s/-/ /g' | while read -r term; do
            sed 's/-/ /g' "$(dirname "$file")/glossary.md" | grep -ixqF "## $term" || echo "no term: $term"
        done)
        [ -z "$found" ]
        ok $? "its terms are in the glossary"
    done
    acts "$english" > "$dir/english"
    acts "$lessons/zh-TW/$name" > "$dir/translation"
    found=$(diff "$dir/english" "$dir/translation") && [ -s "$dir/english" ]
    ok $? "the translation of $name does and checks the same"
    found=$(text "$english" | awk '{ lines = $0 == "" ? 0 : lines + 1 } lines > 5'
            text "$english" | grep -E '.{81}'
            text "$lessons/zh-TW/$name" | grep -E '.{201}')
    [ -z "$found" ]
    ok $? "no paragraph of $name is longer than five lines of 80 columns"
done

# ---- without a reader ----
for seed in 1 ${SADDLE_LONG:+2 3}; do
    for file in "$lessons"/[0-9]*.md; do
        judged "$file" > "$dir/judged.md"
        timeout 1200 "$SADDLE" lesson run "$dir/judged.md" --headless --seed "$seed" > "$dir/out" 2> "$dir/e"
        status=$?
        found=$(cat "$dir/e" && grep -A1 FAILS "$dir/out")
        [ $status -eq 0 ] && [ "$(grep -c '^  holds' "$dir/out")" -eq "$(checks "$dir/judged.md")" ] &&
            grep -q 'one answer is right$' "$dir/out"
        ok $? "$(basename "$file") holds with seed $seed, and each question has one answer"
    done
done
"$SADDLE" lesson run critical-points --headless --json > "$dir/out" 2> "$dir/e"
found=$(cat "$dir/out" "$dir/e") && grep -q '^{"quantity":"race.sgd.steps","value":83.0,"holds":true,' "$dir/out" &&
    [ "$(grep -c '"holds":true' "$dir/out")" -eq "$(checks "$lessons/06-critical-points.md")" ]
ok $? "a line of JSON for each check"
"$SADDLE" lesson list --json > "$dir/out"
found=$(cat "$dir/out") && [ "$(grep -c '"number":[0-9]*,"name":"[a-z-]*","title":"[^"]*","minutes":[0-9]*,' "$dir/out")" -eq 17 ]
ok $? "the list has number, name, title and minutes of all"
"$SADDLE" lesson list --lang zh-TW > "$dir/out"
found=$(cat "$dir/out") && grep -q '批次大小' "$dir/out"
ok $? "the list in Chinese"

# ---- what is wrong is told ----
sed 's/race.sgd.steps == 83/race.sgd.steps == 84/' "$lessons/06-critical-points.md" > "$dir/false.md"
"$SADDLE" lesson run "$dir/false.md" --headless > "$dir/out" 2> "$dir/e"
status=$? line=$(grep -n 'race.sgd.steps == 84' "$dir/false.md" | cut -d: -f1) found=$(cat "$dir/out" "$dir/e")
[ $status -eq 1 ] && [ "$(grep -c FAILS "$dir/out")" -eq 1 ] && grep -q "/false.md:$line: race.sgd.steps == 84" "$dir/out"
ok $? "a check that is false fails: exit code 1, and its line"
begin='# A lesson\n*5 minutes*\n## A step\n'
malformed() { # LINE WORDS BLOCKS: these begin in line 4
    printf '%b' "$begin$3" > "$dir/bad.md"
    "$SADDLE" lesson check "$dir/bad.md" > "$dir/out" 2> "$dir/e"
    status=$? found=$(cat "$dir/e")
    [ $status -eq 3 ] && grep -q "/bad.md:$1: .*$2" "$dir/e"
    ok $? "exit code 3: $2"
}
malformed 5 'no command or setting' '```do\nno_such_setting 3\n```\n'
malformed 5 'no quantity "A.train_los"' '```check\nA.train_los < 1 | yes | no\n```\n'
malformed 5 'no quantity "A.los"' '```check\n1 > 0 | yes {A.los}| no\n```\n'
malformed 5 'no view' '```show\nstage\n```\n'
malformed 5 'not closed' 'Text.\n```do\nwait 3\n'
malformed 4 'not "play"' '```play\nwait 3\n```\n'
malformed 6 'expected a choice, a bar' '```ask\nWhich?\n- this one\n```\n'

# ---- what lines of `do` mean ----
printf '%b' "$begin" > "$dir/own.md"
cat >> "$dir/own.md" <<'END'
```do
surface chain
recipe simple
network linear 4 relu | linear 41
batch_size 16384
epochs 1
fork
network linear 8 relu | linear 41
wait 1 epoch
saddle probe --checkpoint @A --top 1 --frames 16
let small = probe.parameters
saddle probe --checkpoint @B --top 1 --frames 16
let large = probe.parameters
saddle theory --draws 10
saddle race --surface chain --optimizer sgd:lr=.05 --start 1,1 --steps 1
```
```check
A.finished + B.finished == 2 | an epoch of training is waited for to its end, whatever is shown | it was not
A.parameters == small and B.parameters == large | @A is run A, {small}, and @B run B, {large} | {small}, {large}
race.1.loss == 0 and race.1.steps == 1 | what a race printed is not what the Race view has | it is {race.1.loss}
1 > 0 | the summary of this command has no such figure: {theory.no_such.figure} | so
```
END
"$SADDLE" lesson run "$dir/own.md" --headless > "$dir/out" 2> "$dir/e"
status=$? found=$(cat "$dir/out" "$dir/e")
[ $status -eq 0 ] && grep -q '@A is run A, 365, and @B run B, 689$' "$dir/out" && grep -q 'no such figure: ?$' "$dir/out"
ok $? "epochs, the files of runs, and figures of commands"

# The reader's seed reaches what these commands draw, unless a line has its own.
printf '%b' "$begin" > "$dir/seed.md"
cat >> "$dir/seed.md" <<'END'
```do
saddle theory --samples 50 --draws 200
let drawn = theory.worst_difference
saddle theory --samples 50 --draws 200 --seed 7
saddle sweep --recipe simple --set lr=1e-3 --set network='linear 4 relu | linear 41' --steps 1 --no-record
```
```check
drawn > 0 | drawn {drawn}, by its own seed {theory.worst_difference}, trained {sweep.cell.1.mean} | none
```
END
for seed in 1 2; do
    "$SADDLE" lesson run "$dir/seed.md" --headless --seed $seed > "$dir/out" 2> "$dir/e"
    grep -o 'drawn [^,]*' "$dir/out" >> "$dir/drawn"
    grep -o 'own seed [^,]*' "$dir/out" >> "$dir/own"
    grep -o 'trained .*' "$dir/out" >> "$dir/trained"
done
found=$(cat "$dir/drawn" "$dir/own" "$dir/trained" "$dir/e")
[ "$(sort -u "$dir/drawn" | wc -l)" -eq 2 ] && [ "$(sort -u "$dir/trained" | wc -l)" -eq 2 ] && [ "$(wc -l < "$dir/own")" -eq 2 ] &&
    [ "$(sort -u "$dir/own" | wc -l)" -eq 1 ]
ok $? "--seed reaches the commands of a lesson"
printf '%b```do\nrecipe quick\nwait 1 steps\n```\n```check\nA.batch_loss > 0 | loss {A.batch_loss} | none\n```\n' "$begin" > "$dir/drawn.md"
found=$(for seed in 1 2; do
    printf 'lesson next\nwait\n' | "$SADDLE" lab --plain --paused --no-record --lesson "$dir/drawn.md" --seed $seed 2>&1
    "$SADDLE" lesson run "$dir/drawn.md" --headless --seed $seed 2>&1
done)
[ "$(echo "$found" | grep -c 'holds.*loss [0-9]')" -eq 4 ] && [ "$(echo "$found" | grep -o 'loss [0-9.]*$' | sort -u | wc -l)" -eq 2 ]
ok $? "in the lab as well"

# ---- a session that is resumed comes back to its lesson ----
cat > "$dir/kept.md" <<'END'
# Kept
*5 minutes*
## First
```ask
Is the loss below 9?
- yes | A.batch_loss < 9
- no | A.batch_loss >= 9
```
```do
recipe simple
wait 20 steps
let early = A.step
```
```check
early == 20 | {early} steps were made | not
```
## Second
```ask
How many steps are made then?
- 30 | A.step == 30
- 25 | A.step == 25
```
```do
wait 10 steps
```
```check
A.step == early + 10 | {A.step} steps after {early} | only {A.step}, {early} before
```
END
rm -rf "$dir/saddle/sessions"
resumed() { "$SADDLE" --plain --paused --resume > "$dir/out" 2> "$dir/e"; }
printf 'lesson %s\nanswer 1\nwait\n' "$dir/kept.md" | "$SADDLE" --plain --paused > "$dir/out" 2> "$dir/e"
printf '\nwait\nlesson next\n' | resumed
found=$(cat "$dir/out" "$dir/e")
grep -q 'lesson kept goes on at step 1' "$dir/out" && grep -q '^2/2  Second' "$dir/out" && ! grep -q 'training' "$dir/out"
first=$?
printf '\nanswer 1\nwait\n' | resumed
found="$found
$(cat "$dir/out" "$dir/e")"
[ $first -eq 0 ] && grep -q 'lesson kept goes on at step 2' "$dir/out" && grep -q 'holds: 30 steps after 20' "$dir/out" &&
    [ "$(grep -c 'training' "$dir/out")" -eq 1 ]
ok $? "a resumed session goes on with its lesson, with answers and what was kept"

# ---- the run that was there before a lesson ----
printf 'A lesson.\n```do\nrecipe simple\nwait 2 steps\n```\n' | sed '1s/^/# One\n/' > "$dir/one.md"
printf 'step 5\nwait\nlesson %s\nlesson next\nlesson next\nstep 3\nwait\nlesson %s\nlesson next\nquit\n' "$dir/one.md" "$dir/one.md" |
    "$SADDLE" --plain --no-record --paused --checkpoint "$dir/mine.safetensors" > "$dir/out" 2>&1
found=$(cat "$dir/out")
grep -q '"counter.step":"0000000000000005"' "$dir/mine-before-lesson-1.safetensors" &&
    grep -q '"counter.step":"0000000000000005"' "$dir/mine-before-lesson-2.safetensors" && ! ls "$dir"/mine-before-lesson-3* 2> /dev/null
ok $? "a run is saved before a lesson ends it, and never over another"
printf 'step 5\nwait\nfork\nlearning_rate 2e-2\nstep 4\nwait\nlesson %s\nlesson next\nquit\n' "$dir/one.md" |
    "$SADDLE" --plain --no-record --paused --checkpoint "$dir/two.safetensors" > "$dir/out" 2>&1
found=$(cat "$dir/out")
grep -aq '"counter.step":"0000000000000009"' "$dir/two-before-lesson-1.safetensors" &&
    grep -aq '"counter.step":"0000000000000009"' "$dir/two-before-lesson-1-A.safetensors" &&
    ! cmp -s "$dir/two-before-lesson-1.safetensors" "$dir/two-before-lesson-1-A.safetensors"
ok $? "so are the runs beside it"
printf '# One\nA lesson.\n```do\nwait until A.batch_loss < 1 within 1e300 steps\n```\n' > "$dir/long.md"
"$SADDLE" lesson check "$dir/long.md" > "$dir/out" 2>&1
[ $? -eq 3 ] && grep -q 'long.md:4: wait until: expected within N steps' "$dir/out"
ok $? "more steps than can be counted are an error of the lesson"
echo "1..$n"
