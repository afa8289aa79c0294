#!/bin/sh
# SPDX-License-Identifier: MIT
# One run on several ranks: the bits of one process, one voice, one end.
. "${srcdir:-.}"/tests/begin.sh
if ! command -v mpirun > /dev/null || ! "$SADDLE" info | grep -q '^mpirun  *Open MPI'; then
    skip "no Open MPI"
    echo "1..$n"
    exit 0
fi
unset OMP_NUM_THREADS SADDLE_KERNELS
TMPDIR=$dir OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_plm_rsh_agent=sh
export TMPDIR OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM OMPI_MCA_rmaps_base_oversubscribe \
    OMPI_MCA_hwloc_base_binding_policy OMPI_MCA_plm_rsh_agent
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # Open MPI leaves memory behind when it ends
export ASAN_OPTIONS
ranks() { timeout 100 mpirun -n "$@"; }
has() { grep -q -- "$2" "$1"; }
voices() { grep -c '^saddle:' "$dir/e"; }

# Every rank has some of the shards, five of which are not a power of two; the checkpoints are the same files.
same() { # name, numbers of ranks, options
    name=$1 numbers=$2
    shift 2
    "$SADDLE" train --seed 7 "$@" --checkpoint "$dir/one" --force > "$dir/out-1" 2> "$dir/e" || found=$(cat "$dir/e")
    for i in $numbers; do
        rm -f "$dir/many"
        ranks "$i" "$SADDLE" train --seed 7 "$@" --checkpoint "$dir/many" > "$dir/out-$i" 2> "$dir/e"
        [ $? -eq 0 ] && found=$(cat "$dir/e") && cmp "$dir/one" "$dir/many"
        ok $? "$name: $i ranks, the same bits"
    done
}
same "batch norm, dropout, AdamW, clipping by norm, class weights" "1 2 4" --set shards=5 \
    --set 'network=linear 64 relu bn dropout x2 | linear 41' --set dropout=.3 --set context=3 --set batch_size=250 \
    --set class_weights=balanced --set clip_norm=.4 --set optimizer=adamw --set eval_every=.03 --steps 40
found=$(cat "$dir/out-1" "$dir/out-4") && has "$dir/out-4" '  4 ranks, communication [0-9]* %$' &&
    [ "$(wc -l < "$dir/out-4")" -eq "$(wc -l < "$dir/out-1")" ] && ! has "$dir/out-1" ranks
ok $? "rank 0 alone prints, and what communication cost"
same "LSTM on pieces of utterances of different lengths" "2 3" --set shards=3 \
    --set 'network=lstm 16 bi | linear 24 bn relu | linear 41' --set piece=50 --set context=1 --set batch_size=9 \
    --set stride=1 --set eval_every=5 --steps 8
same "L-BFGS" 2 --set optimizer=lbfgs --set shards=4 --set batch_size=1024 --set eval_every=5 --steps 3
for optimizer in 'muon --set sam=sam' 'soap --set precondition_frequency=2 --set sam=asam' 'prodigy --set lr=1' \
    'saddle-free --set lr=1 --set lanczos_vectors=3' 'perturbed --set threshold_grad=10' 'lbfgs --set sam=sam'; do
    # shellcheck disable=SC2086
    same "$optimizer" 2 --set shards=3 --set 'network=linear 32 relu bn | linear 16 relu | linear 41' --set context=1 \
        --set batch_size=200 --set eval_every=5 --steps 6 --set optimizer=$optimizer
done
same "Schedule-Free, its average evaluated, early stopping" 2 --set optimizer=schedule-free-adamw --set early_stopping=1 \
    --set eval_every=.02 --set shards=2 --set lr=.1 --steps 30
same "Schedule-Free, its average probed" 2 --set optimizer=schedule-free-sgd --set probe_every=4 --set probe_frames=64 \
    --set eval_every=5 --set shards=2 --set lr=1 --steps 6
same "an average of the weights, early stopping" 2 --set ema=.9 --set early_stopping=1 --set eval_every=.02 --set shards=2 \
    --set lr=.1 --steps 40
same "every step" 2 --set shards=3 --set eval_every=5 --steps 6 --json-steps 2
grep train_step "$dir/out-1" > "$dir/steps-1"
grep train_step "$dir/out-2" > "$dir/steps-2"
found=$(cat "$dir/out-2") && [ "$(wc -l < "$dir/steps-1")" -eq 3 ] && cmp "$dir/steps-1" "$dir/steps-2" &&
    has "$dir/out-2" '"ranks":2,"communication_share":[01]'
ok $? "and the same lines of JSON"
ranks 2 "$SADDLE" train --from "$dir/many" --steps 3 --checkpoint "$dir/on-2" > "$dir/out" 2> "$dir/e" &&
    "$SADDLE" train --from "$dir/one" --steps 3 --checkpoint "$dir/on-1" > "$dir/out" 2>> "$dir/e"
found=$(cat "$dir/e") && cmp "$dir/on-1" "$dir/on-2"
ok $? "a checkpoint goes on, on ranks or not"
ranks 3 "$SADDLE" train --set eval_every=5 --steps 1 --set probe_every=1 --set probe_frames=64 > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && found=$(cat "$dir/out" "$dir/e") && [ "$(grep -c '^probe at step 1' "$dir/out")" -eq 1 ]
ok $? "as many shards as ranks where none are set; one probe"

# Errors come once, whoever has them.
refused() { # status, name, pattern
    status=$?
    found=$(cat "$dir/e")
    [ $status -eq "$1" ] && [ "$(voices)" -eq 1 ] && has "$dir/e" "$3" && [ ! -s "$dir/out" ]
    ok $? "$2"
}
ranks 4 "$SADDLE" train --steps 1 --set shards=3 > "$dir/out" 2> "$dir/e"
refused 2 "fewer shards than ranks" '^saddle: 4 ranks cannot share 3 shards: set shards to 4 or more'
ranks 2 "$SADDLE" train --steps x > "$dir/out" 2> "$dir/e"
refused 2 "a wrong option is told once" '^saddle: --steps'
two() { ranks 1 "$SADDLE" train --steps 1 --set shards=2 : -n 1 "$@" > "$dir/out" 2> "$dir/e"; }
two "$SADDLE" train --steps 1 --set shards=2 --data "$dir/nowhere.safetensors"
refused 3 "data that one rank does not have" '^saddle: rank 1 on .*nowhere.safetensors: No such file'
two "$SADDLE" train --steps 1 --set shards=2 --set lr=.5
refused 3 "settings that differ" '^saddle: rank 1 on .* has other settings than at rank 0'
two "$SADDLE" train --steps 1 --set shards=2 --seed
refused 2 "an option that is wrong at one rank" '^saddle: rank 1 on .*--seed'
other=$("${builddir:-.}"/tests/parity --kernels 2> /dev/null | sed -n '$s/ .*//p')
if [ -n "$other" ] && ! "$SADDLE" info | grep -q "^products .* $other kernels"; then
    two env OPENBLAS_CORETYPE="$other" "$SADDLE" train --steps 1 --set shards=2
    refused 1 "other kernels than rank 0's" "^saddle: rank 1 on .* computed by .*$other kernels.*, at rank 0 by"
else
    skip "no other kernels here"
fi
ranks 2 "$SADDLE" train --steps 60 --set optimizer=sgd --set loss=mse_logits --set lr=10000 --set batch_size=64 --set shards=2 \
    --set eval_every=5 --set clip_norm=0 --no-record --checkpoint "$dir/diverged" > "$dir/out" 2> "$dir/e"
refused 4 "divergence is told once" 'is not applied: '
found=$(ls "$dir") && [ -s "$dir/diverged" ]
ok $? "and the run before it is saved"

# Ends. Lines of JSON tell that the run goes; they are few, since mpirun reads none while it waits for the ranks to end.
# Its children are found by the name of their checkpoint.
endless() {
    rm -f "$dir/$1"
    timeout 100 mpirun -n 2 "$SADDLE" train --set shards=4 --set eval_every=100 --epochs 100000 --json-steps 20 \
        --checkpoint "$dir/$1" > "$dir/out" 2> "$dir/e" &
    job=$!
    for _ in $(seq 1000); do
        [ "$(grep -c train_step "$dir/out")" -lt 1 ] || break
        sleep .05
    done
    pids=$(pgrep -f "^$SADDLE train .*$dir/$1")
    launcher=$(pgrep -f "^mpirun .*$dir/$1")
}
gone() { # processes of this name end by themselves; mpirun may be gone a little before them
    for _ in $(seq 600); do
        pgrep -f "^$SADDLE $1" > /dev/null || return 0
        sleep .05
    done
    return 1
}
ended() { # name; the step of the checkpoint is that of the summary
    wait "$job"
    step=$(sed -n 's/^{"summary":{"step":\([0-9]*\),.*"stopped":true}}$/\1/p' "$dir/out")
    hex=$(printf '%016x' "${step:-0}")
    found=$(tail -n 1 "$dir/out"; cat "$dir/e")
    [ -n "$step" ] && has "$dir/$2" "\"counter.step\":\"$hex\"" && gone "train .*$dir/$2"
    ok $? "$1"
}
endless last
kill -TERM "$(echo "$pids" | tail -n 1)"
ended "SIGTERM at one rank ends both at the same step, saved" last
endless first
kill -INT "$(echo "$pids" | head -n 1)"
ended "SIGINT at the other" first
endless both
kill -INT "$launcher"
ended "SIGINT at mpirun" both
endless killed
cp "$dir/both" "$dir/killed"
kill -KILL "$(echo "$pids" | tail -n 1)"
wait "$job"
[ $? -ne 0 ] && found=$(cat "$dir/e") && has "$dir/e" 'rank [01].* exited on signal 9 (Killed)' && cmp "$dir/both" "$dir/killed" &&
    gone "train .*$dir/killed"
ok $? "a rank that is killed ends all, with a sentence; the checkpoint before stays"

# A sweep's jobs: each is a run of one rank; rank 0 keeps them.
plan() { "$@" --set context=1 --set 'network=linear 8 | linear 41' --set shards=2 --set lr=1e-3,1e-2,1e-1 --seeds 2 --steps 20; }
plan "$SADDLE" sweep -o "$dir/sweep-1" > "$dir/table-1" 2> /dev/null
plan ranks 3 "$SADDLE" sweep -o "$dir/sweep-3" > "$dir/table-3" 2> "$dir/e"
found=$(cat "$dir/e" "$dir/table-3") && cmp "$dir/table-1" "$dir/table-3" && has "$dir/table-3" '6 of 6 jobs' &&
    [ "$(grep -c '^job [0-5] of 6' "$dir/e")" -eq 6 ]
ok $? "three ranks do the jobs of a sweep, and the table is that of one process"
rm "$dir"/sweep-3/job-000[24].json
plan ranks 2 "$SADDLE" sweep -o "$dir/sweep-3" > "$dir/table-2" 2> "$dir/e"
found=$(cat "$dir/e") && cmp "$dir/table-1" "$dir/table-2" && [ "$(grep -c '^job [24] of 6' "$dir/e")" -eq 2 ] &&
    ! has "$dir/e" '^job [0135] of 6'
ok $? "… only those that are not done"
# In the midst of two jobs: both stand in the directory, and go on, at whichever rank. Steps take long on any machine.
long() { "$@" --recipe simple --set 'network=linear 1024 relu bn dropout x2 | linear 41' --set shards=1 --seeds 2 --steps 150; }
long "$SADDLE" sweep -o "$dir/long" > "$dir/table-1" 2> "$dir/e"
XDG_DATA_HOME=$dir/within-store
long timeout 500 mpirun -n 2 "$SADDLE" sweep -o "$dir/within" > "$dir/out" 2> "$dir/e" &
job=$!
until [ "$("$SADDLE" runs list --json | grep -c '"steps":[0-9][0-9]')" -ge 2 ] || ! kill -0 $job 2> /dev/null; do :; done
kill -TERM "$(pgrep -f "^$SADDLE sweep -o $dir/within" | tail -n 1)"
wait $job
[ $? -ne 0 ] && found=$(cat "$dir/e"; ls "$dir/within") && has "$dir/e" 'stopped; start the sweep again to go on' &&
    [ "$(voices)" -eq 1 ] && [ -s "$dir/within/job-0000.safetensors" ] && [ -s "$dir/within/job-0001.safetensors" ] &&
    gone "sweep -o $dir/within"
ok $? "SIGTERM at one rank ends all, and where their jobs stand is kept"
long timeout 500 mpirun -n 2 "$SADDLE" sweep -o "$dir/within" > "$dir/table-2" 2> "$dir/e"
found=$(cat "$dir/e" "$dir/table-2") && cmp "$dir/table-1" "$dir/table-2" &&
    for i in 3 4; do "$SADDLE" runs show simple-$i | grep 'which was interrupted, from step [0-9]* on'; done > "$dir/out" &&
    [ "$(wc -l < "$dir/out")" -eq 2 ] && [ -z "$(find "$dir/within" -name '*.safetensors')" ] && [ -z "$(find "$dir" -name 'saddle-sweep-*')" ]
ok $? "both go on from there, to the same table"
XDG_DATA_HOME=$dir
ranks 2 "$SADDLE" sweep gather "$dir/sweep-3" > "$dir/out" 2> "$dir/e"
[ $? -ne 0 ] && has "$dir/e" 'sweep gather. is one process'
ok $? "the other verbs of a sweep are refused"
found=

# Without mpirun nothing of it is there; a command that is not for ranks does not join them.
"$SADDLE" train --steps 1 --set shards=2 --set eval_every=5 --json > "$dir/out" 2> "$dir/e"
found=$(cat "$dir/out") && ! has "$dir/out" communication
ok $? "one process says nothing of ranks"
found=$(ranks 2 "$SADDLE" --version 2>&1) && [ "$(echo "$found" | grep -c '^saddle [0-9]')" -eq 2 ]
ok $? "other commands are as many processes"
echo "1..$n"
