#!/bin/sh
# SPDX-License-Identifier: MIT
# Sessions of random commands on up to four runs: each is replayed to the weights it ended with, and resumed to the bit.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
# lines SEED COUNT: so many commands, the same for every awk. Odd seeds let each step end before the next command.
lines() {
    awk -v seed="$1" -v count="$2" -v dir="$dir" '
    function below(n) { x = x * 16807 % 2147483647; return int(x / 2147483647 * n) }
    function one_of(list, n, words) { n = split(list, words, "|"); return words[1 + below(n)] }
    BEGIN {
        x = seed * 7919 + 1
        for (i = 0; i < 10; i++)
            below(2)
        for (i = 0; i < count; i++) {
            k = below(100)
            if (k < 30) print "step " 1 + below(9)
            else if (k < 36) print "fork"
            else if (k < 46) print "run " one_of("A|B|C|D")
            else if (k < 49) print "drop " one_of("A|B|C|D")
            else if (k < 55) print "back " below(60)
            else if (k < 62) print "undo"
            else if (k < 66) print "redo"
            else if (k < 68) print "compare " one_of("loss|batch|schedule|warm-up|momentum|batch-norm|dropout|depth")
            else if (k < 71) print "restart " one_of("|next|5|7")
            else if (k < 72) print "level " one_of("steps|examples")
            else if (k < 74) print "probe\nwait\nescape"
            else if (k < 76) print one_of("escape|escape .01|probe")
            else if (k < 77) print "save! " dir "/run.safetensors"
            else if (k < 78) print "session! " dir "/part.txt"
            else if (k < 80) print one_of("pause|resume\nwait 3\npause")
            else if (k < 86) print "set lr " one_of("1e-3|3e-3|.1|1e-4|1e4|default")
            else if (k < 90) print "set batch_size " one_of("1|7|64|200|default")
            else if (k < 93) print "set optimizer " one_of("sgd|adam|adamw|rmsprop|lion|rprop|lbfgs|asgd|nadam")
            else if (k < 95) print "set schedule " one_of("constant|cosine|plateau|onecycle|step")
            else if (k < 96) print "set loss " one_of("cross_entropy|mse_logits|mse_softmax")
            else print "set " one_of("dropout .5|momentum .5|weight_decay .1|clip_norm 1|early_stopping 2|ema .9|label_smoothing .1|input_noise .1|mask_features 4|class_weights balanced")
            if (seed % 2)
                print "wait"
        }
    }' < /dev/null
}
lab() { "$SADDLE" --plain --paused --set network="linear 8 relu bn dropout | linear 41" --set context=1 --set batch_size=64 --set eval_every=.01 --set probe_frames=32 "$@"; }
# played SEED COUNT: a session of them, left in its midst and resumed; its replay comes to the same weights.
played() {
    lines "$1" "$2" > "$dir/script"
    half=$(($(wc -l < "$dir/script") / 2))
    rm -rf "$dir/whole.txt" "$dir/saddle/sessions"
    head -n $half "$dir/script" | lab > "$dir/first" 2> "$dir/err"
    status=$?
    # 4: a run has diverged at last
    if [ $status -eq 0 ] || [ $status -eq 4 ]; then
        {
            tail -n +$((half + 1)) "$dir/script"
            printf 'wait\nsession! %s\nwait\n' "$dir/whole.txt"
        } | "$SADDLE" --plain --paused --resume > "$dir/second" 2>> "$dir/err"
        status=$?
    fi
    if { [ $status -ne 0 ] && [ $status -ne 4 ]; } || ! has "$dir/whole.txt" ' end [0-9a-f]\{64\}$'; then
        found="seed $1, exit $status: $(cat "$dir/err")"
        return 1
    fi
    "$SADDLE" replay "$dir/whole.txt" > "$dir/again" 2>> "$dir/err" && return
    found="seed $1: $(cat "$dir/err" "$dir/again")"
    return 1
}
for seed in 1 8 14; do
    found=
    played $seed 120
    ok $? "random session $seed is replayed to the weights it ended with"
done
echo "1..$n"
