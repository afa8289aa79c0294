#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle predict and saddle data confusion, as a user calls them, on the sample and on recordings. TAP.
. "${srcdir:-.}"/tests/begin.sh

train() { # checkpoint, then options
    name=$1
    shift
    "$SADDLE" train --no-record --data sample --set train_share=.1 --set eval_every=100 "$@" --checkpoint "$dir/$name" > "$dir/log"
}
train flat --set network="linear 32 relu | linear 41" --set context=3 --steps 60 &&
    train rnn --set network="lstm 8 bi | center | linear 41" --set context=5 --steps 20 &&
    train piece --set network="gru 12 bi | linear 41" --set piece=50 --set batch_size=32 --steps 20
ok $? "networks on one frame after the other, on windows and on pieces of utterances"

number() { sed -n 's/.*"accuracy":\([0-9.]*\).*/\1/p' "$1"; }
for network in flat rnn piece; do
    "$SADDLE" eval --checkpoint "$dir/$network" --split test --json > "$dir/eval" &&
        "$SADDLE" predict --checkpoint "$dir/$network" -o "$dir/$network.csv" --json > "$dir/out" &&
        found="$(number "$dir/eval") and $(number "$dir/out")" && [ -n "$(number "$dir/eval")" ] &&
        [ "$(number "$dir/eval")" = "$(number "$dir/out")" ]
    ok $? "$network: the answers score what eval says"
done
frames=$(sed -n 's/.*"frames":\([0-9]*\).*/\1/p' "$dir/eval")
found=$(awk -F, -v frames="$frames" 'NR == 1 { bad = $0 != "Id,Class" } NR > 1 && ($1 != NR - 2 || $2 !~ /^[0-9]+$/ || $2 > 40) { bad = 1 }
    END { if (bad || NR != frames + 1) print NR, "lines for", frames, "frames" }' "$dir/flat.csv")
[ -z "$found" ]
ok $? "Id,Class and a line for every test frame, from 0 on"

both="$dir/flat,$dir/piece"
"$SADDLE" predict --checkpoint "$both" -o "$dir/one.csv" --threads 1 > "$dir/out" &&
    "$SADDLE" predict --checkpoint "$both" -o "$dir/three.csv" --threads 3 > "$dir/out" && cmp "$dir/one.csv" "$dir/three.csv" &&
    ! cmp -s "$dir/one.csv" "$dir/flat.csv" && ! cmp -s "$dir/one.csv" "$dir/piece.csv" && found=$(cat "$dir/out") &&
    grep -q "^$dir/flat: accuracy " "$dir/out" && grep -q "checkpoints: 2, accuracy 0\.[0-9]*$" "$dir/out" && grep -q 'not comparable' "$dir/out"
ok $? "two networks together, the same bytes for any number of threads"

says() { # exit code, words, then the command; nothing on the standard output
    code=$1 words=$2
    shift 2
    "$@" > "$dir/out" 2> "$dir/e" < /dev/null
    status=$?
    found="$status: $(cat "$dir/e")"
    [ $status -eq "$code" ] && grep -q -e "$words" "$dir/e" && [ "$(wc -l < "$dir/e")" -eq 1 ] && [ ! -s "$dir/out" ]
    ok $? "refused: $words"
}
echo "my notes" > "$dir/notes"
"$SADDLE" predict --checkpoint "$dir/flat" -o "$dir/flat.csv" > /dev/null
ok $? "predictions replace older ones"
says 2 'holds something else\|is not a file of predictions\|--force' "$SADDLE" predict --checkpoint "$dir/flat" -o "$dir/notes"
[ "$(cat "$dir/notes")" = "my notes" ]
ok $? "and left as it was"
says 2 'force' "$SADDLE" predict --checkpoint "$dir/flat" -o "$dir/flat"
says 2 'checkpoint FILE is missing' "$SADDLE" predict -o "$dir/p.csv"
says 2 'FILE is missing' "$SADDLE" predict --checkpoint "$dir/flat"
says 2 'a name is empty' "$SADDLE" predict --checkpoint "$dir/flat," -o "$dir/p.csv"
says 2 'needs --wav' "$SADDLE" predict --checkpoint "$dir/flat" -o "$dir/p.csv" --smooth 3
says 2 'odd' "$SADDLE" predict --checkpoint "$dir/flat" --wav x.wav --smooth 4
says 3 'none: ' "$SADDLE" predict --checkpoint "$dir/flat,$dir/none" -o "$dir/p.csv"
[ ! -e "$dir/p.csv" ]
ok $? "and nothing written"

# ---- recordings
# A second of noise: 98 frames.
awk 'BEGIN { srand(3); for (i = 0; i < 32000; i++) printf "%c", 33 + int(90 * rand()) }' > "$dir/noise"
wav() { # the low bytes of the rate, as octal escapes
    printf 'RIFF\044\175\0\0WAVEfmt \020\0\0\0\001\0\001\0'"$1"'\0\0\0\0\0\0\002\0\020\0data\0\175\0\0'
    cat "$dir/noise"
}
wav '\200\076' > "$dir/a.wav" && wav '\100\037' > "$dir/slow.wav"
hear() { "$SADDLE" predict --checkpoint "$dir/flat" --wav "$@" > "$dir/heard" 2> "$dir/e"; }
hear "$dir/a.wav" && cp "$dir/heard" "$dir/segments" && found=$(awk 'NF != 4 || $1 != end || $2 <= $1 || $3 == last || $4 <= 0 || $4 > 1 { print }
    BEGIN { end = "0.00" } { end = $2; last = $3 } END { if (end != "0.98") print "ends at", end }' "$dir/heard") && [ -z "$found" ]
ok $? "phones follow one another from 0.00 to the end"
hear - < "$dir/a.wav" && cmp "$dir/heard" "$dir/segments" && cat "$dir/a.wav" | hear - && cmp "$dir/heard" "$dir/segments"
ok $? "the same from the standard input, a file or a pipe"
hear "$dir/a.wav" --frames && found=$(wc -l < "$dir/heard") && [ "$found" -eq 98 ] &&
    [ "$(cut -d ' ' -f 3 "$dir/heard" | uniq)" = "$(cut -d ' ' -f 3 "$dir/segments")" ]
ok $? "a line for each frame on demand"
hear "$dir/a.wav" --smooth 9 && [ "$(wc -l < "$dir/heard")" -lt "$(wc -l < "$dir/segments")" ]
ok $? "fewer phones where probabilities are averaged over time"
hear "$dir/a.wav" --json && found=$(cat "$dir/heard") && head -n 1 "$dir/heard" | grep -q '^{"start":0.0,"end":[0-9.]*,"phone":"[A-Z]*","probability":0.[0-9]*}$' &&
    [ "$(wc -l < "$dir/heard")" -eq "$(wc -l < "$dir/segments")" ]
ok $? "one JSON object for each phone"
head -c 3244 /dev/zero | tail -c 3200 > "$dir/zero" && head -c 44 "$dir/a.wav" | cat - "$dir/zero" > "$dir/silence.wav" && hear "$dir/silence.wav"
ok $? "digital silence, and a wav that was cut off"
says 3 'slow.wav: 8000 samples a second' "$SADDLE" predict --checkpoint "$dir/flat" --wav "$dir/slow.wav"
says 3 'standard input: is not audio' "$SADDLE" predict --checkpoint "$dir/flat" --wav -
head -c 116400000 /dev/zero | "$SADDLE" predict --checkpoint "$dir/flat" --wav - > "$dir/out" 2> "$dir/e"
[ $? -eq 3 ] && found=$(cat "$dir/e") && grep -q 'standard input: more than [0-9]* bytes' "$dir/e"
ok $? "a pipe that does not end is left"

# ---- confusion
"$SADDLE" data confusion --checkpoint "$dir/flat" --data sample --split test > "$dir/out" && found=$(cat "$dir/out") &&
    grep -q '^test: accuracy 0\.[0-9]* over '"$frames"' frames$' "$dir/out" && grep -q '^expected calibration error 0\.' "$dir/out" &&
    grep -q '^class    taken for' "$dir/out"
ok $? "the classes a network confuses"
"$SADDLE" data confusion --checkpoint "$dir/flat" --split test --json > "$dir/out" && "$SADDLE" eval --checkpoint "$dir/flat" --split test --json > "$dir/eval" &&
    found=$(number "$dir/eval") && grep -q "\"frames\":$frames,\"accuracy\":$found," "$dir/out"
ok $? "its accuracy is that of eval"
says 2 'choose train, val or test' "$SADDLE" data confusion --checkpoint "$dir/flat" --split all
says 2 'checkpoint FILE is missing' "$SADDLE" data confusion
echo "1..$n"
