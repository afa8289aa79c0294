#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle --plain: the lab in lines, on the sample.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
plain() { # option…
    "$SADDLE" --plain --set network="linear 8 relu | linear 41" --set context=1 --checkpoint "$dir/run" "$@"
}

printf 'step 30\nwait\nset lr 3e-4\nstep 200\nwait\n:pause\n\nnonsense\nhelp\nquit\n' |
    plain --paused --set eval_every=.1 --every 100 > "$dir/out" 2> "$dir/e"
ok $? "commands from a pipe"
has "$dir/out" '^saddle: quick on sample, seed 1, [0-9,]* parameters, [0-9,]* frames to train on$'
ok $? "it says what is trained"
has "$dir/out" '^step 30: edit: learning rate 1e-3 → 3e-4$'
ok $? "a line an edit, at its step"
has "$dir/out" '^step [0-9]*: evaluation: validation loss [0-9.]*, accuracy \.[0-9]*$'
ok $? "a line an evaluation"
has "$dir/out" '^step 230: paused$' && has "$dir/out" '^step 0: paused$'
ok $? "pausing is told"
has "$dir/out" '^step 230: epoch [0-9.]* of 20, loss .*, accuracy .*, learning rate .*, gradient norm .* frames/s, 0:'
ok $? "an empty line tells the status"
[ "$(grep -c 'gradient norm' "$dir/out")" -ge 2 ]
ok $? "so do steps gone by"
has "$dir/out" 'unknown setting or command "nonsense"' && has "$dir/out" 'set, pause, resume'
ok $? "what is wrong is said, help lists the commands"
[ -s "$dir/run" ] && has "$dir/e" 'saved. To continue it'
ok $? "quit saves"

printf 'drop A\nback 9\nfork\nfork\nfork\nfork\nsession /nowhere/at/all\nquit\n' | plain --paused > "$dir/out" 2> "$dir/e"
found=$(cat "$dir/out") && has "$dir/out" 'step 0: the only run cannot be dropped$' && has "$dir/out" 'step 0: step 9 is outside run A (steps 0 to 0)$' &&
    has "$dir/out" 'step 0: there are already four runs; drop one before forking another$' && has "$dir/out" 'step 0: /nowhere/at/all: '
ok $? "what was asked before quit is answered"
printf 'step 7\nwait\nfork\nstep 5\nwait\n\nset lr 1\nstep 1\nwait\n\nquit\n' | plain --paused > "$dir/out" 2> "$dir/e"
found=$(cat "$dir/out") && has "$dir/out" '^run B, step 12: epoch .*, B identical to A (step 12)$' && has "$dir/out" '^run B, step 13: epoch .*[0-9]$'
ok $? "a status line says which runs are identical"
printf 'step 20\nwait\nrange-test 1e-5 1 40\nwait\nrange-test adopt\nwait\nquit\n' | plain --paused > "$dir/out" 2> "$dir/e"
has "$dir/out" '^range test on a copy of run A at step 20, learning rates 1e-05 to 1$' &&
    [ "$(grep -c '^learning rate [0-9.e-]*: loss [0-9.]*, smoothed [0-9.]*$' "$dir/out")" -eq 10 ] &&
    has "$dir/out" '^suggested learning rate [0-9.e-]*, where the loss falls most steeply$' &&
    has "$dir/out" '^step 20: edit: learning rate 1e-3 → '
ok $? "a range test leaves the run at its step, is told in lines, and its rate is adopted"

runs=$dir/saddle/runs
mkdir -p "$runs"
echo mine > "$runs/mine.safetensors"
nameless() {
    "$SADDLE" --plain --paused --set network="linear 8 relu | linear 41" --set context=1 > "$dir/out" 2> "$dir/e"
}
printf 'step 1\nwait\nquit\n' | nameless && saved=$(sed -n 's/.*saddle --from //p' "$dir/e") && [ -s "$saved" ] &&
    "$SADDLE" info > "$dir/out" && has "$dir/out" '^ *2 runs of the lab without --checkpoint, [0-9.]* MB'
ok $? "a run nobody named a file for has one of its own, and info counts it"

printf 'wait soon\nwait 0\nwait -3\nresume\nwait 20\nwait 20 steps\npause\nwait\n\nset lr\nset\nsave ~/run of %s\nwait\nq\n' mine |
    HOME=$dir plain --paused > "$dir/out" 2> "$dir/e"
[ "$(grep -c '" is not a number of steps; without one, wait' "$dir/out")" -eq 3 ] &&
    [ "$(sed -n 's/^step \([0-9]*\): paused$/\1/p' "$dir/out" | tail -n 1)" -ge 40 ]
ok $? "wait takes a number of steps, or says that it wants one"
has "$dir/out" '^learning rate is 0.001; expected a new value: a number' &&
    has "$dir/out" '^set: expected a setting and its value'
ok $? "set without a value tells what is wanted"
[ -s "$dir/run of mine" ] && has "$dir/out" "saved as $dir/run of mine"
ok $? "~/ is the home"

printf 'step 20\nwait\nlandscape ends points=5\nwait\nsave %s\nstep 5\nwait\n%s\nwait\n%s\nwait\nquit\n' \
    "$dir/a b" "landscape line points=9 $dir/a b" "landscape line $dir/none" | plain --paused > "$dir/out" 2> "$dir/e"
has "$dir/out" '^step 20: landscape ends: 5 by 5 points, 512 frames, in [0-9.]* s$' &&
    has "$dir/out" \
        '^second axis: bottom eigenvector, from -[0-9.]* to [0-9.]*, eigenvalue -[0-9.e-]*, |Hv-lv| [0-9.e-]*$' &&
    has "$dir/out" '^loss here [0-9.]*, lowest [0-9.]* at .*, highest [0-9.]* at ' &&
    has "$dir/out" '^step 25: landscape line to .*/a b: 9 points' &&
    has "$dir/out" '^there: loss .* sharpness .* within 1e-3$'
ok $? "landscapes are told in lines"
has "$dir/out" "^step 25: $dir/none: "
ok $? "and what cannot be drawn"

plain --set epochs=1 --set batch_size=8192 < /dev/null > "$dir/out"
[ $? -eq 0 ] && has "$dir/out" 'finished'
ok $? "without input it trains to the end"
printf 'set optimizer sgd\nset lr 10000\nresume' | plain --paused > "$dir/out" 2> "$dir/e"
[ $? -eq 4 ] && has "$dir/out" '^step [0-9]*: event: ' && has "$dir/out" ': diverged: '
ok $? "divergence is told, exit 4"
plain < /dev/null --set epochs=1000 --every 1 2> "$dir/e" | head -n 3 > "$dir/out"
[ "$(wc -l < "$dir/out")" -eq 3 ]
ok $? "a reader that goes away ends it"
LC_ALL=C plain < /dev/null --paused > "$dir/out"
printf 'set lr 1e-4\nwait\n' | LC_ALL=C plain --paused >> "$dir/out"
! LC_ALL=C grep -q '[^ -~]' "$dir/out" && has "$dir/out" '1e-3 -> 1e-4'
ok $? "ASCII in the C locale"
mkfifo "$dir/keys" "$dir/lines"
"$SADDLE" --plain --every 1 --set epochs=1000 --checkpoint "$dir/run" < "$dir/keys" > "$dir/lines" 2> "$dir/e" &
pid=$!
exec 3> "$dir/keys"
{
    read -r line && read -r line && read -r line
    kill -TERM $pid
    cat > /dev/null
} < "$dir/lines"
exec 3>&-
wait $pid
[ $? -eq 143 ] && has "$dir/e" 'To continue it'
ok $? "SIGTERM: saved, exit 143"

"$SADDLE" < /dev/null > "$dir/out" 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" 'needs a terminal.*saddle train.*--plain' && [ "$(wc -l < "$dir/e")" -eq 1 ]
ok $? "without a terminal the screen is refused in one sentence that tells what to do"
"$SADDLE" --plain --every soon < /dev/null 2> "$dir/e"
[ $? -eq 2 ] && has "$dir/e" 'every soon: expected'
ok $? "a wrong --every is a usage error"
printf 'step 20\nwait\nprobe all\nwait\nescape\nescape far\nundo\nprobe_every 10\nstep 15\nwait\nprobe\n' |
    "$SADDLE" --plain --paused --set network="linear 8 relu | linear 41" --set context=1 --checkpoint "$dir/probed" \
        > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && ! grep -q 'shows it\|looks for one' "$dir/out" && has "$dir/out" '^step 20: probe of 512 frames, loss .*: slope: the gradient is not small' &&
    has "$dir/out" '^step 20: trace .*minimum ratio \.[0-9]* of all' && has "$dir/out" 'AdamW is unstable above 38'
ok $? "a probe tells its verdict, figures and the edge of stability"
has "$dir/out" '^step 20: edit: escape: .*came.*predicted' && has "$dir/out" '"far" is not a length' &&
    has "$dir/out" '^step 20: edit: undo: escape'
ok $? "an escape is told, and taken back"
has "$dir/out" '^step 35: eigenvalues from ' && has "$dir/out" '^step 35: probe of'
ok $? "points of the curves are told, and the end waits for a probe"
printf 'step 20\nwait\nlandscape replay\nlandscape pca points=9\nwait\nlandscape replay\nfilm --paper %s/film.svg\nview train\nfilm %s/none.svg\n' "$dir" "$dir" |
    "$SADDLE" --plain --paused --set network="linear 8 relu | linear 41" --set context=1 --checkpoint "$dir/moved" \
        > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && has "$dir/out" '^there is no path to replay' && has "$dir/out" '^path from step 0 at .* (loss .*) to 20 at 0, 0 (loss ' &&
    has "$dir/film.svg" '<g class="racer" data-name="path"><animateMotion ' && has "$dir/film.svg" 'step 20 of 20<' &&
    cat "$dir/out" "$dir/e" | grep -q 'film: nothing moves in this view' && [ ! -e "$dir/none.svg" ]
ok $? "the path over the landscape is told, and is a film"
printf 'gradients\nstep 20\nwait\ngradients\nplot logit gradient %s/a.svg\n' "$dir" |
    "$SADDLE" --plain --paused --set network="linear 8 relu | linear 41" --set context=1 --checkpoint "$dir/graded" \
        > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && has "$dir/out" '^no gradients before the first step' &&
    has "$dir/out" '^step 20: logit gradient .* with cross-entropy, .* with MSE' &&
    has "$dir/out" "^probability of the true class 0.0 to 0.1: [0-9]* frames, cross-entropy" &&
    has "$dir/out" '^gradient norm of 2 linear: ' &&
    has "$dir/a.svg" 'class="axis y"'
ok $? "gradients are told by loss, probability and layer, and a plot by its name is a file"
plain_small() { "$SADDLE" --plain --paused --set network="linear 8 relu | linear 41" --set context=1 --checkpoint "$dir/at-end" 2> "$dir/e"; }
echo text > "$dir/text.wav"
printf 'wav %s\nwait\nwav %s\nwait\nquit\n' "$dir/none.wav" "$dir/text.wav" | plain_small > "$dir/out"
has "$dir/out" 'none.wav: cannot read: No such file' && has "$dir/out" 'text.wav: is not audio that can be read'
ok $? "a recording that cannot be read is told"
printf 'data val\n' | plain_small > "$dir/out"
has "$dir/out" '^val at step 0: ' && printf 'landscape random\n' | plain_small > "$dir/out" && has "$dir/out" 'landscape random: .* points'
ok $? "what was asked for is told where the commands end without quit"
# runs that nobody named a file for: each keeps its own, and one that did nothing leaves none
rm -rf "$dir/saddle/runs"
runs() { find "$dir/saddle/runs" -name '*.safetensors' | wc -l; }
mkdir -p "$dir/saddle/runs" && : > "$dir/saddle/runs/20260101-000000-1.safetensors.saddle-0a1b2c.tmp"
for i in 1 2; do
    printf 'step 2\nwait\nquit\n' | "$SADDLE" --plain --paused > /dev/null 2> "$dir/e"
done
[ "$(runs)" -eq 2 ] && has "$dir/e" "To continue it: saddle --from $dir/saddle/runs/"
ok $? "two runs are saved, neither in place of the other"
[ "$(find "$dir/saddle/runs" -name '*.tmp' | wc -l)" -eq 0 ]
ok $? "what a killed one left there is gone"
printf 'quit\n' | "$SADDLE" --plain --paused > /dev/null 2> "$dir/e"
[ $? -eq 0 ] && [ "$(runs)" -eq 2 ] && [ ! -s "$dir/e" ]
ok $? "a run that did nothing leaves no file and takes none away"
printf 'save\nwait\nquit\n' | "$SADDLE" --plain --paused > /dev/null 2> "$dir/e"
[ $? -eq 0 ] && [ "$(runs)" -eq 3 ] && has "$dir/e" "To continue it: saddle --from $dir/saddle/runs/"
ok $? "unless it was saved by hand"
echo "1..$n"
