#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle sweep, as a user calls it: what interrupts it changes no figure of its table; jobs by number; folds.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
says() { # CODE WORDS COMMAND…: it ends with this code, and one line that says so
    code=$1 words=$2
    shift 2
    timeout 60 "$@" > "$dir/out" 2> "$dir/e"
    status=$?
    found=$(echo "exit $status" && cat "$dir/e")
    [ $status -eq "$code" ] && has "$dir/e" "$words" && [ "$(wc -l < "$dir/e")" -eq 1 ]
}
# Sweeps of a network that trains at once, by as many shards as on any machine. Programs, so that a signal finds them.
net='--set "network=linear 8 relu | linear 41" --set context=1 --set shards=2'
axes='--recipe simple --set lr=1e-3,1e-2,1e-1 --set optimizer=adam,sgd --seeds 2'
printf '#!/bin/sh\nexec "%s" sweep "$@" %s\n' "$SADDLE" "$net" > "$dir/tiny"
printf '#!/bin/sh\nexec "%s" sweep "$@" %s %s --steps 30\n' "$SADDLE" "$axes" "$net" > "$dir/twelve"
chmod +x "$dir/tiny" "$dir/twelve"

# ---- a table, and its jobs ----
"$dir/twelve" -o "$dir/whole" > "$dir/table" 2> "$dir/e"
found=$(cat "$dir/e") && [ "$(find "$dir/whole" -name 'job-00[01][0-9].json' | wc -l)" -eq 12 ] && [ "$(wc -l < "$dir/table")" -eq 8 ] &&
    [ "$(grep -c ' ± 0\.[0-9]*' "$dir/table")" -eq 6 ] && [ "$(grep -c '<- best$' "$dir/table")" -eq 1 ] &&
    has "$dir/table" '^12 of 12 jobs done; mean ± standard deviation (n - 1) over 2 seeds$'
ok $? "twelve jobs, six rows, one winner"
"$dir/twelve" --dry-run > "$dir/list" && "$dir/twelve" --dry-run -o "$dir/nowhere" | cmp -s - "$dir/list" && [ ! -e "$dir/nowhere" ] &&
    [ "$(sed -n 4p "$dir/list")" = "3  learning_rate=0.001, optimizer=sgd, seed 2" ] && [ "$(wc -l < "$dir/list")" -eq 12 ] &&
    "$SADDLE" sweep list-jobs -o "$dir/whole" | cmp -s - "$dir/list"
ok $? "the jobs are numbered, the same each time, also from the directory's plan"
"$SADDLE" sweep list-jobs "$dir/whole/plan.ini" | cmp -s - "$dir/list" &&
    "$SADDLE" sweep "$dir/whole/plan.ini" -o "$dir/whole" 2> "$dir/e" | cmp -s - "$dir/table" && [ ! -s "$dir/e" ]
ok $? "the plan that is kept is the plan, and a sweep that is done is not done again"
"$SADDLE" train --recipe simple --set 'network=linear 8 relu | linear 41' --set context=1 --set shards=2 --set lr=1e-2 \
    --set optimizer=sgd --seed 2 --steps 30 --json > "$dir/train" &&
    accuracy=$(sed -n 's/.*"val_accuracy":\([0-9.]*\).*/\1/p' "$dir/train") && found=$(cat "$dir/whole/job-0007.json") &&
    has "$dir/whole/job-0007.json" "\"val_accuracy\":$accuracy,"
ok $? "a job is the run of saddle train with the same settings, to the last digit"

# ---- interruptions ----
# Until so many jobs are kept; a sweep that ended before fails the test that follows.
wait_for() { # DIRECTORY COUNT PID
    until [ "$(find "$1" -name 'job-????.json' 2> /dev/null | wc -l)" -ge "$2" ] || ! kill -0 "$3" 2> /dev/null; do :; done
}
kept() { (cd "$1" && stat -c '%n %i %y' job-????.json); }
"$dir/twelve" -o "$dir/cut" > "$dir/out" 2> "$dir/e" &
pid=$!
wait_for "$dir/cut" 3 $pid
kill -KILL $pid
wait $pid
[ $? -eq 137 ] && kept "$dir/cut" > "$dir/first" && [ "$(wc -l < "$dir/first")" -ge 3 ] && [ "$(wc -l < "$dir/first")" -lt 12 ]
ok $? "killed after three jobs or a few more"
"$dir/twelve" -o "$dir/cut" > "$dir/out" 2> "$dir/e" &
pid=$! more=$(($(wc -l < "$dir/first") + 1))
wait_for "$dir/cut" $more $pid
kill -TERM $pid
wait $pid
[ $? -eq 143 ] && kept "$dir/cut" > "$dir/second" && [ "$(wc -l < "$dir/second")" -ge $more ] && [ "$(wc -l < "$dir/second")" -lt 12 ] &&
    has "$dir/e" 'start the sweep again to go on' && [ ! -s "$dir/out" ]
ok $? "SIGTERM: exit 143, and what is done is kept"
"$SADDLE" sweep gather "$dir/cut" > "$dir/out" 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" '^saddle: missing jobs:.* 11$' && has "$dir/e" 'of 12 jobs are missing' && has "$dir/out" '[12] of 2 missing'
ok $? "gather names what is missing, exit 1"
: > "$dir/cut/job-0011.json.saddle-0a1b2c.tmp"
"$dir/twelve" -o "$dir/cut" > "$dir/out" 2> "$dir/e" && cmp -s "$dir/out" "$dir/table" && kept "$dir/cut" > "$dir/third" &&
    found=$(grep -vxFf "$dir/third" "$dir/first"; grep -vxFf "$dir/third" "$dir/second") ; [ -z "$found" ] &&
    [ "$(wc -l < "$dir/third")" -eq 12 ] && [ ! -e "$dir/cut/job-0011.json.saddle-0a1b2c.tmp" ]
ok $? "started again it ends with the same table, and no job was done twice"
if env --default-signal=INT true 2> /dev/null; then # a shell has its children in the background ignore SIGINT
    env --default-signal=INT "$dir/twelve" -o "$dir/broken" > "$dir/out" 2> "$dir/e" &
    pid=$!
    wait_for "$dir/broken" 2 $pid
    kill -INT $pid
    wait $pid
    [ $? -eq 130 ] && "$dir/twelve" -o "$dir/broken" 2> "$dir/e" | cmp -s - "$dir/table"
    ok $? "SIGINT, exit 130, and the same table after it"
else
    skip "no env --default-signal"
fi

# In the midst of a job: stopped twice, it goes on twice. Its steps take long on any machine, beside what a record does.
printf '#!/bin/sh\nexec "%s" sweep --recipe simple --set "network=linear 1024 relu x2 | linear 41" --set shards=1 --steps 200 -o "$1"\n' "$SADDLE" > "$dir/one" && chmod +x "$dir/one"
"$dir/one" "$dir/single" > "$dir/table-of-one" 2> "$dir/e"
steps() { "$SADDLE" runs list --json | sed -n '1s/.*"steps":\([0-9]*\),.*/\1/p'; } # of the newest run, as far as they are recorded
stop_in_job() { # RUN STEPS: when the run of this name has made so many
    "$dir/one" "$dir/within" > "$dir/out" 2> "$dir/e" &
    pid=$!
    until { "$SADDLE" runs list --json | grep -q "^{\"name\":\"$1\"" && [ "$(steps)" -ge "$2" ]; } || ! kill -0 $pid 2> /dev/null; do :; done
    kill -TERM $pid
    wait $pid
    [ $? -eq 143 ] && [ -s "$dir/within/job-0000.safetensors" ] && [ ! -e "$dir/within/job-0000.json" ]
}
(
    XDG_DATA_HOME=$dir/within-store
    stop_in_job simple-1 20 && stop_in_job simple-2 60 && "$dir/one" "$dir/within" > "$dir/out" 2> "$dir/e" && "$SADDLE" runs show simple-3
) > "$dir/show" 2> "$dir/show.e"
[ $? -eq 0 ] && cmp -s "$dir/out" "$dir/table-of-one" && has "$dir/show" 'job 0 of a sweep of 1, which was interrupted, from step [0-9]* on' &&
    [ ! -e "$dir/within/job-0000.safetensors" ] &&
    sed 's/"seconds":[^,]*,//' "$dir/within/job-0000.json" > "$dir/a" && sed 's/"seconds":[^,]*,//' "$dir/single/job-0000.json" | cmp -s - "$dir/a"
ok $? "stopped twice in the midst of a job it goes on from there, to the same figures"

# ---- several at once ----
"$dir/twelve" -o "$dir/both" > "$dir/a" 2> "$dir/a.e" &
pid=$!
"$dir/twelve" -o "$dir/both" > "$dir/b" 2> "$dir/b.e" && wait $pid && cmp -s "$dir/a" "$dir/table" && cmp -s "$dir/b" "$dir/table" &&
    found=$(cat "$dir/a.e" "$dir/b.e" | sed -n 's/^job \([0-9]*\) of.*/\1/p' | sort -n | tr '\n' ' ') &&
    [ "$found" = "0 1 2 3 4 5 6 7 8 9 10 11 " ]
ok $? "two processes on a directory do each job once, and both print the table"
"$dir/twelve" -o "$dir/forked" --jobs 3 --threads 4 > "$dir/out" 2> "$dir/e" && found=$(cat "$dir/e") && cmp -s "$dir/out" "$dir/table" &&
    [ "$(sed -n 's/^job \([0-9]*\) of.*/\1/p' "$dir/e" | sort -u | wc -l)" -eq 12 ] && [ "$(wc -l < "$dir/e")" -eq 12 ]
ok $? "--jobs 3: the same table"
"$dir/twelve" -o "$dir/stopped" --jobs 2 > "$dir/out" 2> "$dir/e" &
pid=$!
wait_for "$dir/stopped" 2 $pid
kill -TERM $pid
wait $pid
[ $? -eq 143 ] && "$dir/twelve" -o "$dir/stopped" --jobs 2 2> "$dir/e" | cmp -s - "$dir/table"
ok $? "--jobs 2, stopped by SIGTERM and started again: the same table"

# ---- by number ----
i=0 bad=
while [ $i -lt 12 ]; do # the first makes the directory
    if [ $i -eq 0 ]; then
        eval "\"\$SADDLE\" sweep run --index 0 -o \"\$dir/array\" --steps 30 $axes $net"
    else
        "$SADDLE" sweep run --index $i -o "$dir/array"
    fi > "$dir/out" 2> "$dir/e" && has "$dir/out" "^job $i of 12: " || bad="$bad $i"
    i=$((i + 1))
done
found=$bad
[ -z "$bad" ] && "$SADDLE" sweep gather "$dir/array" 2> "$dir/e" | cmp -s - "$dir/table" && [ ! -s "$dir/e" ]
ok $? "run --index over all jobs, then gather: the same table"
says 0 'job 3 is done already' "$SADDLE" sweep run --index 3 -o "$dir/array"
ok $? "a job that is done is not done again"
says 2 'the sweep has jobs 0 to 11' "$SADDLE" sweep run --index 12 -o "$dir/array"
ok $? "a job that is not there"
if command -v parallel > /dev/null && parallel --version 2> /dev/null | grep -q '^GNU parallel'; then
    mkdir "$dir/by-parallel" && cp "$dir/whole/plan.ini" "$dir/by-parallel/" &&
        seq 0 11 | HOME=$dir parallel --will-cite -j 2 "$SADDLE" sweep run -o "$dir/by-parallel" --threads 1 --index '{}' > "$dir/out" 2> "$dir/e" &&
        "$SADDLE" sweep gather "$dir/by-parallel" | cmp -s - "$dir/table"
    ok $? "GNU parallel: the same table"
else
    skip "no GNU parallel"
fi

# ---- what does not belong ----
cp -r "$dir/whole" "$dir/other" && kept "$dir/other" > "$dir/before" && cp "$dir/other/plan.ini" "$dir/plan-before"
says 2 'holds the sweep of another plan' "$dir/twelve" --seed 9 -o "$dir/other" && kept "$dir/other" | cmp -s - "$dir/before" &&
    cmp -s "$dir/other/plan.ini" "$dir/plan-before"
ok $? "another plan is refused, and nothing changes"
mkdir "$dir/mine" && echo mine > "$dir/mine/notes"
says 2 "holds files that are no sweep's" "$dir/twelve" -o "$dir/mine" && [ "$(ls "$dir/mine")" = notes ]
ok $? "so is a folder of other files"
says 3 "not a sweep's directory" "$SADDLE" sweep gather "$dir/mine"
ok $? "and nothing is gathered from one"
head -c 100 "$dir/whole/job-0005.json" > "$dir/other/job-0005.json" &&
    sed 's/"index":6/"index":7/' "$dir/whole/job-0006.json" > "$dir/other/job-0006.json"
"$SADDLE" sweep gather "$dir/other" > "$dir/out" 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" 'job-0005.json: not JSON' && has "$dir/e" 'job-0006.json: the result of another job' &&
    has "$dir/e" '^saddle: missing jobs: 5 6$'
ok $? "malformed results are named, and count as missing"
"$dir/twelve" -o "$dir/other" > "$dir/out" 2> "$dir/e" && cmp -s "$dir/out" "$dir/table" &&
    [ "$(grep -c 'the job is done again$' "$dir/e")" -eq 2 ] && [ "$(grep -c '^job ' "$dir/e")" -eq 2 ]
ok $? "and their jobs are done again"
sed 's/"plan":"[0-9a-f]/"plan":"x/' "$dir/whole/job-0001.json" > "$dir/other/job-0001.json"
"$SADDLE" sweep gather "$dir/other" > "$dir/out" 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" 'job-0001.json: the result of another plan'
ok $? "a result of another plan is none"

# ---- divergence, and jobs that cannot be run ----
"$dir/tiny" --recipe simple --set optimizer=sgd --set lr=1e-2,1e4 --seeds 3 --steps 40 -o "$dir/diverging" > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && found=$(cat "$dir/out") && has "$dir/out" '^10000 .*3 of 3 diverged$' && has "$dir/out" '^0.01 .*<- best$' &&
    has "$dir/e" ': diverged: step .* is not applied' && has "$dir/diverging/job-0003.json" '"status":"diverged"'
ok $? "a run that diverges is a result, and shown as such"
"$SADDLE" sweep --recipe simple --set 'network=linear 8 | linear 41, linear 8 | linear 40' --set context=1 --steps 2 \
    -o "$dir/failing" > "$dir/out" 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" '1 of 2 jobs failed' && has "$dir/out" '1 of 1 failed$' && has "$dir/e" '^job 1 of 2: .*: failed: network'
ok $? "a job that cannot be run has failed: exit 1"
"$SADDLE" sweep -o "$dir/failing" > "$dir/out" 2> "$dir/e"
[ $? -eq 1 ] && [ "$(grep -c '^job ' "$dir/e")" -eq 1 ] && has "$dir/e" '^job 1 of 2'
ok $? "and is tried again with the sweep"

# ---- folds, recipes, draws ----
"$dir/tiny" --recipe simple,medium,strong --folds 3 --steps 5 -o "$dir/folds" > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && found=$(cat "$dir/out" "$dir/e") && has "$dir/out" '^recipe  fold 1  fold 2  fold 3  *best_val_accuracy$' &&
    [ "$(grep -c -E '^(simple|medium|strong)( +0\.[0-9]{4}){4} ± 0\.[0-9]{4}' "$dir/out")" -eq 3 ] &&
    [ "$(grep -c '<- best$' "$dir/out")" -eq 1 ] && has "$dir/out" 'over 3 folds by utterance$'
ok $? "three recipes, three folds: the lecture's table"
fold=$(sed -n 's/.*"val_accuracy":\([0-9.]*\).*/\1/p' "$dir/folds/job-0001.json")
"$SADDLE" train --recipe simple --set 'network=linear 8 relu | linear 41' --set context=1 --set shards=2 --set folds=3 --set fold=2 \
    --seed 1 --steps 5 --checkpoint "$dir/fold" --json > "$dir/train" && [ -n "$fold" ] && has "$dir/train" "\"val_accuracy\":$fold,"
ok $? "a fold's run is that of saddle train with folds=3 and fold=2"
"$SADDLE" eval --checkpoint "$dir/fold" --json > "$dir/out" && has "$dir/out" "\"accuracy\":$fold,"
ok $? "and its checkpoint knows its fold"
says 2 'sample: 5 folds of 4 speakers would leave one empty' "$dir/tiny" --recipe simple --folds 5 --fold-by speaker -o "$dir/empty" &&
    [ ! -e "$dir/empty" ]
ok $? "folds that would be empty are refused before anything is made"
says 2 'there is no fold 4 of 3' "$SADDLE" train --set folds=3 --set fold=4 --steps 0
ok $? "and a fold that is not there"
draws() { "$SADDLE" sweep --recipe simple --draws 4 --set lr=1e-4..1e-2 --set batch=16..64 --dry-run "$@"; }
draws --seed 5 > "$dir/a" && draws --seed 5 | cmp -s - "$dir/a" && [ "$(sed 's/^[0-9]*  //' "$dir/a" | sort -u | wc -l)" -eq 4 ] &&
    draws --seed 6 > "$dir/b" && ! cmp -s "$dir/a" "$dir/b"
ok $? "random draws follow their seed"

# ---- wrong words ----
for row in 'learning_rate: a range is drawn from|--set lr=1e-4..1e-2' 'is not a number|--set lr=1,x' 'use --seeds|--set seed=1,2' \
    'expected values|--set lr=' 'expected values|--set lr=1,,2' 'unknown setting|--set nope=1' 'choose best_val|--set lr=1,2 --metric x' \
    'exclude each other|--steps 1 --epochs 1' 'from 1 to 10000|--seeds 0' 'no numeric setting|--set optimizer=sgd,adam --svg a.svg' \
    'more than 10000 jobs|--seeds 9999 --folds 9' 'needs a PLAN|--json' 'listed twice|--seeds 1,1' \
    'lower to a higher|--draws 2 --set lr=1..1' 'begins above 0|--draws 2 --set wd=0..1'; do
    # shellcheck disable=SC2086
    says 2 "${row%%|*}" "$SADDLE" sweep ${row#*|}
    ok $? "saddle sweep ${row#*|}"
done
printf '[sweep]\nrecipe = simple\n[set]\nlr = 1, 2\nwrong = 3\n' > "$dir/bad.ini"
says 3 'bad.ini:.*unknown setting "wrong"' "$SADDLE" sweep "$dir/bad.ini"
ok $? "a wrong plan is named, exit 3"

# ---- figures for other programs ----
"$SADDLE" sweep gather "$dir/whole" --json > "$dir/json" && [ "$(grep -c '^{"job":{"index":' "$dir/json")" -eq 12 ] &&
    [ "$(grep -c '^{"cell":{"cell":' "$dir/json")" -eq 6 ] && tail -n 1 "$dir/json" | grep -q '^{"summary":{"jobs":12,"cells":6,"done":12,'
ok $? "--json: a line for each job, each cell, and one for all"
"$SADDLE" sweep gather "$dir/whole" --csv > "$dir/csv" && [ "$(wc -l < "$dir/csv")" -eq 13 ] &&
    has "$dir/csv" '^job,cell,recipe,learning_rate,optimizer,network,context,shards,seed,fold,status,' &&
    has "$dir/csv" '^3,1,simple,0.001,sgd,'
ok $? "--csv: a line for each job"
"$SADDLE" sweep gather "$dir/whole" --metric val_loss --svg "$dir/a.svg" > "$dir/out" && has "$dir/out" ' val_loss$' &&
    has "$dir/a.svg" '<g class="series" data-name="adam">' && has "$dir/a.svg" 'class="axis x" data-scale="log"' &&
    has "$dir/a.svg" 'learning rate'
ok $? "--svg: the metric over the learning rate, a curve for each optimizer"

# ---- the range test ----
"$SADDLE" train --recipe simple --steps 5 --checkpoint "$dir/run" > "$dir/out" && cp "$dir/run" "$dir/run-before"
"$SADDLE" range-test --checkpoint "$dir/run" --steps 40 --json --svg "$dir/r.svg" > "$dir/out" &&
    [ "$(grep -c '^{"range_step":' "$dir/out")" -eq 40 ] && found=$(tail -n 1 "$dir/out") &&
    tail -n 1 "$dir/out" | grep -q '^{"summary":{"steps":40,"suggestion":0\.[0-9]*,"end":"finished"}}$' &&
    has "$dir/r.svg" 'data-name="suggestion"' && cmp -s "$dir/run" "$dir/run-before"
ok $? "saddle range-test: a curve, a suggestion, and the checkpoint as it was"
"$SADDLE" range-test --recipe simple --set optimizer=sgd --high 1e4 --steps 60 > "$dir/out" && found=$(cat "$dir/out") &&
    has "$dir/out" '^stopped after [0-9]* steps: ' && has "$dir/out" '^suggested learning rate '
ok $? "it stops where the loss blows up"
says 2 'from a lower to a higher' "$SADDLE" range-test --recipe simple --low 1 --high .1
ok $? "and refuses rates the wrong way round"
for of in 0 2147483648 -9999999999999999999 '1 x' ''; do
    printf '[sweep]\nrecipe = quick\n[recipe %s]\nlearning_rate = 1e-3\n' "$of" > "$dir/of.ini"
    "$SADDLE" sweep list-jobs "$dir/of.ini" > "$dir/out" 2> "$dir/e"
    [ $? -eq 3 ] && has "$dir/e" 'of.ini:' || echo "$of"
done > "$dir/wrong"
[ ! -s "$dir/wrong" ]
ok $? "settings of a recipe that there is not are refused, whatever its number"
echo "1..$n"
