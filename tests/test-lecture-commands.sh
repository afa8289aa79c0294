#!/bin/sh
# SPDX-License-Identifier: MIT
# The lecture's figures by command: theory, losses, batch, diagnose.
. "${srcdir:-.}"/tests/begin.sh
value() { sed -n "s/.*\"$2\":\\([-0-9.e]*\\).*/\\1/p" "$1"; } # FILE KEY: of the last key so called in a line
near() { awk -v x="$1" -v y="$2" -v to="$3" 'BEGIN { d = x - y; exit !(x != "" && d <= to && -d <= to) }'; }
says() { # CODE WORDS COMMAND…: it ends with this code, and one line that says so
    code=$1 words=$2
    shift 2
    timeout 60 "$@" > "$dir/out" 2> "$dir/e"
    status=$?
    found=$(echo "exit $status" && cat "$dir/e")
    [ $status -eq "$code" ] && grep -q -- "$words" "$dir/e" && [ "$(wc -l < "$dir/e")" -eq 1 ]
}

# ---- theory: the bound is the lecture's, the share is the sample's ----
while read -r samples bound share; do
    "$SADDLE" theory --samples "$samples" --json > "$dir/out"
    found=$(cat "$dir/out")
    near "$(value "$dir/out" bound)" "$bound" "$(awk -v b="$bound" 'BEGIN { print b / 1000 }')" &&
        near "$(value "$dir/out" bad_share)" "$share" .03 && [ "$(value "$dir/out" distinct_hypotheses)" -eq 111 ]
    ok $? "draws of $samples frames: bound $bound, $share of them bad"
done <<END
20 13406.4 .96
50 7357.6 .57
100 2706.7 .22
500 .908 0
1000 4.122e-5 0
END
near "$(value "$dir/out" samples_needed)" 610.3 .05 && grep -q '"vacuous":false' "$dir/out" &&
    grep -q '"best":{"threshold":-1.60*[0-9]*,"loss_all":0.0566' "$dir/out"
ok $? "frames needed, the best threshold and its error"
"$SADDLE" theory --samples 100 > "$dir/out" && found=$(cat "$dir/out") && grep -q '= 2707 (vacuous' "$dir/out" &&
    grep -q 'from N = 610.3 on' "$dir/out"
ok $? "a vacuous bound is called so"
"$SADDLE" theory --trade-off > "$dir/out" && found=$(cat "$dir/out") && awk 'NR > 2 {
    if ($1 != 10 ^ (NR - 3) || $3 <= needed || (NR > 3 && $6 > least)) bad = 1
    needed = $3; least = $6 } END { exit bad || NR != 7 }' "$dir/out"
ok $? "the trade-off: more hypotheses need more frames, and have a lower least loss"
says 2 'between 0 and 1' "$SADDLE" theory --epsilon 0
ok $? "an epsilon of 0 is refused"
says 2 'not a class of sample' "$SADDLE" theory --class NOISE
ok $? "a class that the data lacks is refused"
says 2 'features 0 to 38' "$SADDLE" theory --feature 39
ok $? "a feature that the data lacks is refused"
says 2 'too many' "$SADDLE" theory --draws 1000000 --samples 1000000
ok $? "draws without end are refused"

# ---- losses: the lecture's figures ----
"$SADDLE" losses --point -7,5 --json > "$dir/out" && found=$(cat "$dir/out") &&
    grep -q '"mse":{"loss":1.99[0-9]*,"gradient":\[-2.4[0-9e.-]*,2.4[0-9e.-]*\],"gradient_norm":3.47[0-9]*e-5,"steps":40720,"arrived":true}' "$dir/out" &&
    grep -q '"cross_entropy":.*"gradient_norm":1.414[0-9]*,"steps":23,"arrived":true}' "$dir/out"
ok $? "saddle losses: from (-7, 5) 40,720 steps of MSE, 23 of cross-entropy"
"$SADDLE" losses --most 100000 > "$dir/out" && found=$(cat "$dir/out") && grep -q '^MSE  *2  *1.166e-08  more than 100000$' "$dir/out" &&
    grep -q '^cross-entropy  *20  *1.414  31$' "$dir/out"
ok $? "a descent that is not over says so"
for point in 7 11,0 1,2,3 x ''; do says 2 'expected y1,y2 from -10 to 10' "$SADDLE" losses --point "$point" || break; done
ok $? "what is no point of the plane is refused"
says 2 'above 0 and at most' "$SADDLE" losses --rate 0
ok $? "a rate of 0 is refused"

# ---- batch ----
"$SADDLE" batch --recipe simple --sizes 64,1024 --json > "$dir/out" && found=$(cat "$dir/out") &&
    [ "$(grep -c '"seconds_per_update":[0-9.e-]*,"seconds_per_epoch":[0-9]' "$dir/out")" -eq 2 ] &&
    [ "$(sed -n 's/^{"batch_size":\([0-9]*\),.*/\1/p' "$dir/out" | tr '\n' ' ')" = '64 1024 ' ] &&
    grep -q '^{"summary":{"gradient_noise_scale":[0-9.]*,' "$dir/out" && near "$(value "$dir/out" gradient_noise_scale)" 145 15
ok $? "saddle batch: a line per size, and the noise scale"
"$SADDLE" batch --recipe boss-window --sizes 65536 --time-limit 1 --threads 1 > "$dir/out" && found=$(cat "$dir/out") &&
    grep -q '^ *65536  skipped: a network of .* needs .* of memory' "$dir/out" && grep -q "lecture's V100" "$dir/out"
ok $? "a size for which there is no memory is skipped, and says so"
says 2 'ascending' "$SADDLE" batch --sizes 4,1
ok $? "sizes that descend are refused"
for sizes in 0 65537 1, ,1 x; do says 2 'numbers from 1 to 65536' "$SADDLE" batch --sizes "$sizes" || break; done
ok $? "what is no list of sizes is refused"

for set in batch_size=64 batch=64; do says 2 'those of --sizes' "$SADDLE" batch --set "$set" || break; done
ok $? "a batch size by --set is refused: --sizes names them"

# Stopped once the first size is printed: the updates of the other take seconds.
"$SADDLE" batch --recipe strong --sizes 1,8192 --threads 1 --json > "$dir/out" 2> "$dir/e" &
pid=$!
until [ -s "$dir/out" ] || ! kill -0 $pid 2> /dev/null; do :; done
kill -TERM $pid
wait $pid
[ $? -eq 143 ] && found=$(cat "$dir/e" "$dir/out") && [ ! -s "$dir/e" ] && [ "$(wc -l < "$dir/out")" -eq 1 ]
ok $? "a signal ends it in the midst of an update"

# ---- diagnose ----
train() { "$SADDLE" train --set shards=2 --set context=1 --set train_share=.3 --epochs 2 "$@" > "$dir/out"; }
train --set 'network=linear 2 relu | linear 41' --set lr=1e-2 --checkpoint "$dir/tiny" &&
    train --set 'network=linear 1 relu | linear 41' --set lr=1e-2 --checkpoint "$dir/tinier" &&
    train --set 'network=linear 64 relu | linear 41' --set context=5 --set lr=3e-3 --set warmup=0 --checkpoint "$dir/fine" &&
    "$SADDLE" diagnose --checkpoint "$dir/tiny" > "$dir/out" && found=$(cat "$dir/out") &&
    grep -q '^training .*: unknown; .* cannot be told apart without' "$dir/out"
ok $? "saddle diagnose: a large training loss alone does not tell"
"$SADDLE" diagnose --checkpoint "$dir/tiny" --against "$dir/tinier" --json > "$dir/out" && found=$(cat "$dir/out") &&
    grep -q '"branch":"model bias","evidence":"training [0-9.]*, of the smaller network [0-9.]*: model bias"' "$dir/out"
ok $? "a smaller network beside it tells"
"$SADDLE" diagnose --checkpoint "$dir/fine" > "$dir/out" && found=$(cat "$dir/out") &&
    grep -q '^training .*: healthy; unheard voices [0-9.]* (accuracy 0.[34][0-9]*, validation 0.[56][0-9]*)' "$dir/out" &&
    "$SADDLE" runs list --json | grep -q '"test_looks":1'
ok $? "healthy speaks of validation, names unheard voices, and counts the look at them"
"$SADDLE" diagnose --checkpoint "$dir/fine" --mismatch .05 --json | grep -q '"branch":"mismatch".*"mismatch":0.05' &&
    "$SADDLE" diagnose --checkpoint "$dir/fine" --gap 0 --json | grep -q '"branch":"overfitting"' &&
    "$SADDLE" diagnose --checkpoint "$dir/fine" --large .1 --json | grep -q '"branch":"unknown"'
ok $? "the thresholds are the options'"
"$SADDLE" train --from "$dir/fine" --set diagnosis_gap=0 --steps 1 --checkpoint "$dir/strict" > "$dir/out" 2>&1 &&
    "$SADDLE" diagnose --checkpoint "$dir/strict" --json | grep -q '"branch":"overfitting".*"gap":0.0,' &&
    "$SADDLE" diagnose --checkpoint "$dir/strict" --gap .9 --json | grep -q '"branch":"healthy".*"gap":0.9'
ok $? "or, without them, the run's settings"
says 2 'compare with a shallower or smaller' "$SADDLE" diagnose --checkpoint "$dir/tinier" --against "$dir/tiny"
ok $? "a larger network beside it is refused"
says 2 'from 0 to 100' "$SADDLE" diagnose --checkpoint "$dir/fine" --gap x
ok $? "a threshold that is no number is refused"
says 2 'FILE is missing' "$SADDLE" diagnose --against "$dir/fine"
ok $? "without a checkpoint there is nothing to diagnose"

# ---- the same beside the training, in lines ----
printf 'step 20\nwait\ndiagnosis\ndiagnosis measure\nwait\ndiagnosis large .01\nlosses\nquit\n' |
    timeout 120 "$SADDLE" --plain --paused --recipe simple --set shards=2 > "$dir/out" 2> "$dir/e"
found=$(cat "$dir/out" "$dir/e") && grep -q '^diagnosis: unknown: the run has not been evaluated yet$' "$dir/out" &&
    grep -q '^step 20: measured: training .*, unheard voices ' "$dir/out" &&
    grep -q '^diagnosis: training .*: unknown; the training loss is large' "$dir/out" &&
    grep -q '^losses at (-7, 5),.* MSE takes 40,720 steps, cross-entropy 23 steps$' "$dir/out"
ok $? "the views of diagnosis and losses in lines"
printf 'losses point -10,10\nquit\n' | timeout 120 "$SADDLE" --plain --paused --recipe simple > "$dir/out" 2>&1
grep -q 'MSE takes 121,291,340 steps, cross-entropy 31 steps$' "$dir/out"
ok $? "and a long descent to its end"
"$SADDLE" runs list --json > "$dir/out" && found=$(cat "$dir/out") && grep -q '"recipe":"simple".*"test_looks":1\|"test_looks":1.*"recipe":"simple"' "$dir/out"
ok $? "a measurement's look at unheard voices is counted"

echo "1..$n"
