#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle probe, as a user calls it, on a network small enough for a whole spectrum and on one that is not.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
number='-\{0,1\}[0-9.e-]*'

train="--set context=1 --set batch_size=256 --set eval_every=1 --seed 7 --steps 60"
# shellcheck disable=SC2086
"$SADDLE" train $train --set network="linear 12 tanh bn dropout | linear 41" --checkpoint "$dir/small" > /dev/null &&
    "$SADDLE" train $train --set network="linear 40 relu bn | linear 41" --set optimizer=sgd --set momentum=.9 \
        --checkpoint "$dir/large" > /dev/null
ok $? "two runs to probe"

"$SADDLE" probe --checkpoint "$dir/small" --frames 128 --top 3 --density --gauss-newton --layers --json \
    > "$dir/small.json"
ok $? "a whole spectrum"
three="\[$number,$number,$number\]"
has "$dir/small.json" '^{"parameters":1037,"split":"train","frames":128,"whole":true,"loss":'
ok $? "its JSON says what was probed"
has "$dir/small.json" \
    "\"eigenvalues\":{\"top\":$three,\"bottom\":$three},\"residuals\":{\"top\":$three,\"bottom\":$three}"
ok $? "three eigenvalues at each end, with their residuals"
has "$dir/small.json" '"converged":{"top":\[true,true,true\],"bottom":\[true,true,true\]}'
ok $? "all of them converged"
has "$dir/small.json" \
    "\"trace\":$number,\"trace_error\":0.0,\"verdict\":\"slope\",\"words\":\"slope\",\"evidence\":\"the gradient"
ok $? "a trace without error, a verdict with its evidence"
counts='"positive":[0-9]*,"negative":[0-9]*,"zero":[0-9]*'
has "$dir/small.json" "\"minimum_ratio\":{\"tolerance\":$number,$counts,\"of_all\":0\.[0-9]*,\"of_signed\":$number}"
ok $? "the minimum ratio with its tolerance and both denominators"
edge='"preconditioned":true,"sharpness":[0-9.e-]*,"limit":38\.0[0-9]*'
has "$dir/small.json" "\"stability\":{\"optimizer\":\"adamw\",\"learning_rate\":$number,$edge}"
ok $? "the edge of stability of AdamW, on the preconditioned Hessian"
has "$dir/small.json" \
    '"gauss_newton":{"eigenvalues":{"top":\[[0-9.]*,.*"layers":\[{"layer":0,.*"density":{"values":\[.*"weights":\['
ok $? "Gauss-Newton, layers and density where asked for"
"$SADDLE" probe --checkpoint "$dir/small" --frames 128 --top 3 --json --threads 1 > "$dir/one" &&
    "$SADDLE" probe --checkpoint "$dir/small" --frames 128 --top 3 --json --threads 2 > "$dir/two" &&
    cmp -s "$dir/one" "$dir/two" && ! has "$dir/one" density
ok $? "the same figures whatever the number of threads, and no more than asked for"

"$SADDLE" probe --checkpoint "$dir/large" --frames 200 --top 2 --split val --json > "$dir/large.json" &&
    has "$dir/large.json" '"parameters":3361,"split":"val","frames":200,"whole":false' &&
    has "$dir/large.json" '"trace_error":0*[1-9.]' && has "$dir/large.json" '"of_all":null'
ok $? "beyond 2000 parameters both ends, and no ratio of what is not known"
has "$dir/large.json" '"optimizer":"sgd",.*"preconditioned":false,"sharpness":[0-9.e-]*,"limit":3\.\(8\|79999999999999[0-9]*\)}'
ok $? "the limit of heavy ball"
"$SADDLE" probe --checkpoint "$dir/large" --frames 200 --top 1 --density --json > "$dir/dense.json" &&
    has "$dir/dense.json" '"of_all":0\.[0-9]*,' &&
    has "$dir/dense.json" "\"positive\":{\"share\":0\.[0-9]*,\"error\":0\.[0-9]*,\"sampling\":$number,\"truncation\":$number}"
ok $? "with the density the minimum ratio and its error"
figures='"predicted_gain":[0-9.e-]*,"curvature_cost":[0-9.e-]*,"actual":-[0-9.e-]*,"directional_sharpness":[0-9.e-]*'
has "$dir/large.json" "$figures,\"step_length\":[0-9.e-]*,\"on_probe_batch\":{\"predicted_gain\":$number"
ok $? "the step that the run would make next, on its batch and on the probe batch"
has "$dir/large.json" "\"batch_sharpness\":{\"value\":$number,\"error\":[0-9.e-]*,\"batches\":8,\"noise\":[0-9.e-]*,\"limit_small\""
ok $? "batch sharpness with its error and the limits under momentum"
"$SADDLE" probe --checkpoint "$dir/large" --frames 200 --top 2 > "$dir/step.txt" &&
    has "$dir/step.txt" '^next step, on its batch: gain 0\?.* predicted, curvature takes .*, loss -' &&
    has "$dir/step.txt" '^batch sharpness .* +- .* over 8 batches' && has "$dir/step.txt" 'batch norm couples'
ok $? "the same in words"
"$SADDLE" probe --checkpoint "$dir/large" --frames 200 --top 2 --density --batch-statistics > "$dir/large.txt" &&
    has "$dir/large.txt" '^slope: the gradient is not small' && has "$dir/large.txt" '^highest  *[0-9.]' &&
    has "$dir/large.txt" '^lowest  *-' && has "$dir/large.txt" '^trace .* +- ' && has "$dir/large.txt" '####'
ok $? "lines to read"

"$SADDLE" probe --checkpoint "$dir/small" --frames 128 --top 3 --small-gradient 1e3 --zero .01 --json \
    > "$dir/wide.json" &&
    has "$dir/wide.json" '"verdict":"\(saddle\|minimum-like\)"' && ! cmp -s "$dir/wide.json" "$dir/one"
ok $? "another tolerance, another verdict"
"$SADDLE" probe --checkpoint "$dir/small" --frames 128 --top 3 --small-gradient 1e3 --small-curvature 1e6 --json \
    > "$dir/wide.json" && has "$dir/wide.json" '"verdict":"plateau"'
ok $? "with all curvature small a plateau"
"$SADDLE" probe --checkpoint "$dir/small" --zero 2 > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && has "$dir/e" '^saddle.*--zero: .*outside 0 … 0.5'
ok $? "a tolerance out of bounds is a usage error"
"$SADDLE" probe > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && has "$dir/e" 'checkpoint FILE is missing'
ok $? "no checkpoint is a usage error"
"$SADDLE" probe --checkpoint "$dir/small" --top 0 > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && has "$dir/e" 'from 1 to 50'
ok $? "so is no eigenvalue"
head -c 3000 "$dir/small" > "$dir/cut"
"$SADDLE" probe --checkpoint "$dir/cut" > /dev/null 2> "$dir/e"
[ $? -eq 3 ] && has "$dir/e" 'cut'
ok $? "a cut checkpoint, exit 3"
# two utterances of 200 frames of zeros, all of one class: no gradient, no curvature, and no ratio of them
le() { printf "\\$(printf %03o $(($1 & 255)))\\$(printf %03o $(($1 >> 8)))\\0\\0"; }
head='{"__metadata__":{"format":"saddle-dataset-1","name":"one","utterances":"a\nb","classes":"X","speakers":"s","sources":"t"},'
head=$head'"bounds":{"dtype":"I64","shape":[3],"data_offsets":[0,24]},"features":{"dtype":"F32","shape":[400,39],"data_offsets":[24,62424]},'
head=$head'"speaker":{"dtype":"I32","shape":[2],"data_offsets":[62424,62432]},"source":{"dtype":"I32","shape":[2],"data_offsets":[62432,62440]},'
head=$head'"labels":{"dtype":"U8","shape":[400],"data_offsets":[62440,62840]},"role":{"dtype":"U8","shape":[2],"data_offsets":[62840,62842]}}'
while [ $((${#head} % 8)) -ne 0 ]; do head="$head "; done
{ le ${#head} && le 0 && printf %s "$head" && le 0 && le 0 && le 200 && le 0 && le 400 && le 0 && head -c 62818 /dev/zero; } > "$dir/one.safetensors"
"$SADDLE" train --data "$dir/one.safetensors" --set 'network=linear 4 relu | linear 1' --set context=1 --set split_ratio=.5 --steps 1 \
    --checkpoint "$dir/alike" > "$dir/out" && "$SADDLE" probe --checkpoint "$dir/alike" > "$dir/out" && has "$dir/out" 'lmax –$' &&
    has "$dir/out" ', – of those beyond ' && "$SADDLE" diagnose --checkpoint "$dir/alike" > "$dir/out2" &&
    has "$dir/out2" '^training  *0.0000  *1.0000         –$' && ! cat "$dir/out" "$dir/out2" | grep -i nan
ok $? "a figure that there is not is a dash"
echo "1..$n"
