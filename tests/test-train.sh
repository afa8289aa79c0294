#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle train and eval, as a user calls them, on the sample.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }

small="--set context=3 --set batch_size=256 --set eval_every=.1 --set dropout=.3"
small="$small --seed 7"

# shellcheck disable=SC2086
"$SADDLE" train $small --steps 200 --checkpoint "$dir/whole" --json --threads 1 > "$dir/whole.json" &&
    "$SADDLE" train $small --steps 100 --checkpoint "$dir/half" > /dev/null &&
    "$SADDLE" train --from "$dir/half" --steps 100 --checkpoint "$dir/again" > /dev/null
ok $? "200 steps, and twice 100"
cmp -s "$dir/whole" "$dir/again"
ok $? "the same bits, with batch norm, dropout and AdamW, whatever the number of threads"
tail -n 1 "$dir/whole.json" | grep -q '^{"summary":{.*"val_accuracy":0\.'
ok $? "the last line of JSON is the summary"

"$SADDLE" train --recipe simple --set batch_size=8192 --epochs 2 --json > "$dir/epochs.json"
ok $? "two epochs"
keys='"epoch":2,"step":[0-9]*,"learning_rate":0.0001,"train_loss":[0-9.]*,"train_accuracy":[0-9.]*'
keys="$keys,\"val_loss\":[0-9.]*,\"val_accuracy\":[0-9.]*,\"frames_per_second\":[0-9.]*"
sed -n 2p "$dir/epochs.json" | grep -q "^{$keys}\$"
ok $? "a line of JSON an epoch, with its keys"
[ "$(wc -l < "$dir/epochs.json")" -eq 3 ]
ok $? "and no other line but the summary"

# shellcheck disable=SC2086
"$SADDLE" train $small --set eval_every=10 --steps 50 --checkpoint "$dir/noted" --json-steps 10 > "$dir/steps.json" &&
    "$SADDLE" train $small --set eval_every=10 --steps 50 --checkpoint "$dir/unnoted" > /dev/null &&
    cmp -s "$dir/noted" "$dir/unnoted"
ok $? "--json-steps: the run stays the same to the bit"
number='[0-9][0-9.e-]*'
keys="\"step\":[1-5]0,\"epoch\":$number,\"loss\":$number,\"accuracy\":$number,\"learning_rate\":$number"
keys="$keys,\"gradient_norm\":$number,\"logit_gradient_cross_entropy\":$number,\"logit_gradient_mse\":$number"
[ "$(grep -c "^{\"train_step\":{$keys}}\$" "$dir/steps.json")" -eq 5 ] && [ "$(wc -l < "$dir/steps.json")" -eq 6 ]
ok $? "a line of JSON every 10 steps, with its keys, and the summary"
"$SADDLE" train --help > "$dir/help" && for key in train_step step epoch loss accuracy learning_rate gradient_norm \
    logit_gradient_cross_entropy logit_gradient_mse; do has "$dir/help" "$key" || break; done && has "$dir/help" "$key"
ok $? "the help names every key"

"$SADDLE" eval --checkpoint "$dir/whole" --split test --json > "$dir/test.json"
ok $? "eval on the unheard voices"
has "$dir/test.json" '^{"split":"test","loss":[0-9.]*,"accuracy":0\.[0-9]*,"frames":30837}$'
ok $? "its keys, and every frame"
summary=$(sed -n 's/.*"test_accuracy":\([0-9.]*\).*/\1/p' "$dir/whole.json")
has "$dir/test.json" "\"accuracy\":$summary,"
ok $? "the same accuracy as in the summary"

"$SADDLE" train --steps 0 --set learning_rate=x > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && has "$dir/e" 'learning rate: "x" is not a number'
ok $? "a wrong value is a usage error in a sentence"
! "$SADDLE" train --steps 0 --set seed=9007199254740996 > /dev/null 2> "$dir/e" &&
    has "$dir/e" 'seed: 9007199254740996 is outside 0 … 9007199254740991$' &&
    ! "$SADDLE" train --steps 0 --set batch_size=99999999 > /dev/null 2> "$dir/e" &&
    has "$dir/e" 'batch size: 99999999 is outside 1 … 65536 frames'
ok $? "whole numbers are told digit by digit"
"$SADDLE" train --steps 0 --set wrong=1 > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && has "$dir/e" 'unknown setting "wrong"'
ok $? "an unknown setting, too"
bad=
for set in network=linear 'network=linear 40' 'network=linear 9 |' split_ratio=2 optimizer=newton momentum=x \
    shards=65 context=4 milestones=a; do
    "$SADDLE" train --steps 0 --set "$set" > /dev/null 2> "$dir/e"
    [ $? -eq 2 ] && [ "$(wc -l < "$dir/e")" -eq 1 ] || bad="$bad $set"
done
found=$bad
[ -z "$bad" ]
ok $? "a bad value is a usage error wherever it is found"
found=
"$SADDLE" train --recipe simple --set Optimizer=Adam --set "LR=1e-4" --steps 20 --checkpoint "$dir/a" > /dev/null &&
    "$SADDLE" train --recipe simple --set optimizer=adam --set weight_decay=0 --steps 20 --checkpoint "$dir/b" > /dev/null
ok $? "names and choices as they are shown, in any case"
weights() { tail -c +$((9 + $(od -A n -t u8 -N 8 "$1"))) "$1"; }
weights "$dir/a" > "$dir/a.w" && weights "$dir/b" > "$dir/b.w" && [ -s "$dir/a.w" ] && cmp -s "$dir/a.w" "$dir/b.w"
ok $? "another optimizer has its own weight decay, not the recipe's"
sed 's/"knob.t0"/"knob.zz"/' "$dir/a" > "$dir/later"
"$SADDLE" train --from "$dir/later" --steps 1 > /dev/null 2> "$dir/e" && has "$dir/e" 'another version: zz$'
ok $? "a setting that a checkpoint has and the program has not is named"
"$SADDLE" train --recipe simple --set train_share=.1 --set split_ratio=.5 --steps 1 --json > "$dir/a.json" && [ -s "$dir/a.json" ]
ok $? "a share of the training utterances"
printf '[training]\nbatch_size = 512\nwrong = 1\n' > "$dir/bad.ini"
"$SADDLE" train --recipe "$dir/bad.ini" > /dev/null 2> "$dir/e"
[ $? -eq 3 ] && has "$dir/e" 'bad.ini:3: unknown setting "wrong"'
ok $? "a wrong recipe is named with its line, exit 3"
"$SADDLE" train --recipe "$dir/bad.ini" --set context=1 2> "$dir/e" > "$dir/out"
[ $? -eq 3 ] && has "$dir/e" 'bad.ini:3: unknown setting "wrong"'
ok $? "also where a setting is changed besides"
"$SADDLE" train --recipe nosuch > /dev/null 2> "$dir/e"
[ $? -eq 3 ] && has "$dir/e" 'unknown recipe "nosuch"; choose from .*quick, .*strong'
ok $? "a recipe that is not there, exit 3"
head -c 5000 "$dir/whole" > "$dir/cut"
"$SADDLE" eval --checkpoint "$dir/cut" > /dev/null 2> "$dir/e"
[ $? -eq 3 ] && has "$dir/e" 'cut'
ok $? "a cut checkpoint, exit 3"

cp "$dir/whole" "$dir/before"
"$SADDLE" train --from "$dir/whole" --checkpoint "$dir/whole" --set optimizer=sgd --set learning_rate=10000 \
    --set network="linear 41" > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && cmp -s "$dir/whole" "$dir/before"
ok $? "a knob that only a restart can change is refused, and nothing is written"
"$SADDLE" train --recipe rnn --set network="rnn 1536x4 | last | linear 41" --steps 0 > /dev/null 2> "$dir/e" &&
    has "$dir/e" '^saddle: slow recipe: about .* a step and .* an epoch' &&
    "$SADDLE" train --recipe quick --steps 0 > /dev/null 2> "$dir/e" && ! grep -q slow "$dir/e"
ok $? "a recipe whose epochs take long says so before it starts"
"$SADDLE" train --recipe simple --set optimizer=sgd --set learning_rate=10000 --steps 100 \
    --checkpoint "$dir/diverged" > /dev/null 2> "$dir/e"
[ $? -eq 4 ] && has "$dir/e" 'is not applied: loss .* gradient of layers' && [ -s "$dir/diverged" ]
ok $? "divergence: exit 4, step and tensor named, the weights before it saved"

# probes between the steps: lines of their own, and a run that is the same to the bit
values() { # FILE: what a checkpoint holds, without its header, where the journal and the knobs stand
    tail -c +$((9 + $(od -A n -t u8 -N 8 "$1"))) "$1"
}
# shellcheck disable=SC2086
"$SADDLE" train $small --set eval_every=.05 --steps 40 --checkpoint "$dir/plain" > /dev/null &&
    "$SADDLE" train $small --set eval_every=.05 --steps 40 --set probe_every=15 --set probe_frames=300 --json \
        --checkpoint "$dir/probed" > "$dir/probes.json"
ok $? "probe_every: a run with probes"
values "$dir/plain" > "$dir/a" && values "$dir/probed" > "$dir/b" && [ -s "$dir/a" ] && cmp -s "$dir/a" "$dir/b"
ok $? "it is the run without them, to the bit"
[ "$(sed -n 's/^{"probe":{"step":\([0-9]*\),.*,"frames":300,.*/\1/p' "$dir/probes.json" | tr '\n' ' ')" = "15 30 " ]
ok $? "a line of JSON every 15 steps, on the frames of the knob"
figures() {
    sed 's/.*"loss":\([0-9.]\{6\}\).*"gradient_norm":\([0-9.]\{6\}\).*"eigenvalues":{"top":\[\([0-9.]\{4\}\).*/\1 \2 \3/'
}
"$SADDLE" train --from "$dir/half" --steps 50 --set probe_every=50 --checkpoint "$dir/at" > "$dir/words" &&
    grep '^probe at step 150  |g| [0-9.]*  highest [0-9.]*?*  lowest -[0-9.]*?*  trace [0-9.-]* +- ' "$dir/words" |
    grep -q '+- [0-9.]*  learning rate x lmax [0-9.]*, limit 38$'
ok $? "a line of words, after 50 more steps"
grep -q '^step 151: gain [0-9.e-]* predicted, curvature takes [0-9.e-]*, loss [-+][0-9.e-]* on its batch; batch sharp' "$dir/words"
ok $? "another about the step that comes next"
[ "$(grep -c '"predicted_gain":[0-9.e-]*,"curvature_cost":[0-9.e-]*,"actual":' "$dir/probes.json")" -eq 2 ]
ok $? "both in JSON"
# shellcheck disable=SC2086
"$SADDLE" train $small --steps 50 --set probe_every=50 --json --checkpoint "$dir/at" | grep '^{"probe"' |
    figures > "$dir/a" &&
    "$SADDLE" probe --checkpoint "$dir/at" --json | figures > "$dir/b" && has "$dir/a" '^[0-9.]* [0-9.]* [0-9.]*$' &&
    cmp -s "$dir/a" "$dir/b"
ok $? "loss, gradient and largest eigenvalue are those of saddle probe there"
mkfifo "$dir/probing"
# shellcheck disable=SC2086
"$SADDLE" train $small --set probe_every=1 --set probe_frames=2048 --checkpoint "$dir/called" > "$dir/probing" &
pid=$!
{
    read -r line
    kill -TERM $pid
    cat > "$dir/rest"
} < "$dir/probing"
wait $pid
[ $? -eq 143 ] && has "$dir/rest" '^stopped after' && [ -s "$dir/called" ]
ok $? "SIGTERM amid a probe: exit 143 after a checkpoint"

# a signal ends it after a checkpoint; the first lines show that it trains
mkfifo "$dir/lines"
# shellcheck disable=SC2086
"$SADDLE" train $small --set batch_size=4096 --epochs 1000 --json --checkpoint "$dir/stopped" > "$dir/lines" &
pid=$!
{
    read -r line
    kill -TERM $pid
    cat > "$dir/rest"
} < "$dir/lines"
wait $pid
[ $? -eq 143 ] && has "$dir/rest" '"summary".*"stopped":true' && "$SADDLE" eval --checkpoint "$dir/stopped" > /dev/null
ok $? "SIGTERM: exit 143 after a checkpoint and a summary"
echo "1..$n"
