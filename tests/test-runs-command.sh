#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle runs, and what train, eval and the lab record for it.
. "${srcdir:-.}"/tests/begin.sh
db=$dir/saddle/runs.db
has() { grep -q -- "$2" "$1"; }
net='linear 8 relu | linear 41'
train() { "$SADDLE" train --set "network=$net" --set context=1 --set batch_size=64 --threads 1 "$@" > "$dir/out" 2> "$dir/e"; }
lab() { "$SADDLE" --plain --paused --set "network=$net" --set context=1 --set batch_size=64 --threads 1 "$@" > "$dir/out" 2> "$dir/e"; }
runs() { "$SADDLE" runs "$@" > "$dir/out" 2> "$dir/e"; }
names() { sed -n 's/^{"name":"\([^"]*\)".*/\1/p' "$dir/out" | tr '\n' ' '; }
fails() { # status, sentence, arguments of runs
    status=$1 sentence=$2
    shift 2
    runs "$@"
    [ $? -eq "$status" ] && found=$(cat "$dir/out" "$dir/e") && [ "$(wc -l < "$dir/e")" -eq 1 ] && has "$dir/e" "$sentence"
}

runs list && has "$dir/out" '^no run is recorded yet$' && [ ! -e "$db" ]
ok $? "an empty list, and no store is made for it"

# ---- recording ----
train --steps 30 --checkpoint "$dir/a" && [ ! -s "$dir/e" ] && train --steps 20 --set lr=3e-3 --set batch_size=2048 --set eval_every=.05 &&
    train --steps 10 --no-record && runs list --json && [ "$(names)" = "quick-2 quick-1 " ]
ok $? "train records a run with a name of its own, unless told not to"
train --steps 10 --no-record && ! has "$dir/out" 'recorded' &&
    (XDG_DATA_HOME=$dir/named && train --steps 3 && has "$dir/out" '^recorded as quick-1$' && train --steps 3 && has "$dir/out" '^recorded as quick-2$')
ok $? "and says which"
mkdir -p "$dir/saddle" && printf '[store]\nrecord = no\n' > "$dir/saddle/config.ini" && train --steps 2 && [ ! -s "$dir/e" ] &&
    rm "$dir/saddle/config.ini" && runs list --json && [ "$(names)" = "quick-2 quick-1 " ]
ok $? "and so says the configuration"
train --from "$dir/a" --steps 5 && runs show quick-3 --json && found=$(cat "$dir/out") &&
    has "$dir/out" '"recipe":"quick"' && has "$dir/out" '"steps":35'
ok $? "a run that goes on from a recorded checkpoint has its recipe"
"$SADDLE" race --surface saddle --optimizer sgd --steps 3 > /dev/null &&
    "$SADDLE" --dump-screen 80x24 --set "network=$net" --set context=1 --script '<wait 3 steps>' > /dev/null &&
    runs list --json && [ "$(names)" = "quick-3 quick-2 quick-1 " ]
ok $? "neither a race nor a scripted screen is recorded"
printf 'step 20\nwait\nset lr 3e-3\nstep 5\nwait\nfork\nset batch 32\nstep 5\nwait\nundo\nrestart\nstep 2\nwait\nquit\n' | lab &&
    runs list --json lab && runs list --json && [ "$(names)" = "quick-6 quick-5 quick-4 quick-3 quick-2 quick-1 " ]
ok $? "the lab records a run, its fork and its restart"
runs show quick-5 --json && found=$(cat "$dir/out") && has "$dir/out" '"steps":25' &&
    has "$dir/out" '"setting":"learning_rate"' && ! has "$dir/out" '"setting":"batch_size"' && has "$dir/out" 'undo: batch size' &&
    runs export quick-5 && [ "$(wc -l < "$dir/out")" -eq 26 ]
ok $? "a fork has the curves it began with, and what was undone is gone"
printf 'step 3\nwait\nquit\n' | "$SADDLE" --plain --paused --resume > /dev/null 2>&1 && runs list --json &&
    [ "$(names)" = "quick-6 quick-5 quick-4 quick-3 quick-2 quick-1 " ] && runs export quick-6 && [ "$(wc -l < "$dir/out")" -eq 6 ]
ok $? "a resumed session goes on with its runs"
printf 'quit\n' | lab && runs list --json && [ "$(names)" = "quick-6 quick-5 quick-4 quick-3 quick-2 quick-1 " ]
ok $? "a lab that was only opened leaves no run"

# ---- lists ----
runs list && found=$(cat "$dir/out") && has "$dir/out" '^  name  *data  *steps  *best  *when  *status  *network$' &&
    has "$dir/out" '^  quick-1  *sample  *30  *0\.[0-9]*  *20[0-9-]* [0-9:]*  finished  *linear 8 relu | linear 41$'
ok $? "a list for the eye"
runs list --sort steps --json && found=$(names) && [ "$found" = "quick-4 quick-3 quick-1 quick-5 quick-2 quick-6 " ]
ok $? "sorted by steps"
runs list --sort name --reverse --json && [ "$(names)" = "quick-6 quick-5 quick-4 quick-3 quick-2 quick-1 " ] &&
    fails 2 'choose name, data, network, steps, best or when' list --sort colour
ok $? "by name, the other way round; and not by what there is not"
runs note quick-2 'Three times the rate' && runs list --json three && [ "$(names)" = "quick-2 " ] && runs list nothing &&
    has "$dir/out" '^no run matches$'
ok $? "filtered by a word of a note"

# ---- one run, and several ----
runs show quick-1 && found=$(cat "$dir/out") && has "$dir/out" '^quick-1: finished, 30 steps' && has "$dir/out" "step 30  *$dir/a$" &&
    has "$dir/out" '^The test set was looked at once' && has "$dir/out" 'optimistic'
ok $? "show: figures, checkpoints, and the look at the test set"
"$SADDLE" eval --checkpoint "$dir/a" --split test > /dev/null && "$SADDLE" eval --checkpoint "$dir/a" --split val > /dev/null &&
    "$SADDLE" eval --checkpoint "$dir/a" --split test > /dev/null && runs show quick-1 && found=$(cat "$dir/out") &&
    has "$dir/out" '^The test set was looked at 3 times'
ok $? "eval --split test counts, --split val does not"
runs compare quick-1 quick-2 && found=$(cat "$dir/out") && has "$dir/out" '^learning_rate  *0.001  *0.003 ' &&
    has "$dir/out" '^batch_size  *64  *2048 ' && ! has "$dir/out" '^network' && has "$dir/out" '^best val. accuracy '
ok $? "compare: the settings that differ, and no others"

# A fork from which one thing is taken back, and another in which one is changed.
(
    XDG_DATA_HOME=$dir/forks XDG_STATE_HOME=$dir/forks
    printf 'step 20\nwait\nset lr 2e-3\nstep 10\nwait\nfork\nundo\nstep 5\nwait\nrun A\nfork\nset batch_size 128\nset batch_size 32\nset dropout .2\nstep 5\nwait\nquit\n' |
        lab && "$SADDLE" runs compare quick-1 quick-2 && "$SADDLE" runs compare quick-1 quick-3 && "$SADDLE" runs compare quick-3 quick-1 --json
) > "$dir/forks.out"
found=$(cat "$dir/forks.out") && has "$dir/forks.out" '^learning_rate  *0.001 → 0.002 (20)  *0.001  *$' && [ "$(grep -c '^learning_rate ' "$dir/forks.out")" -eq 1 ] &&
    has "$dir/forks.out" '^batch_size  *64  *64 → … → 32 (35)  *$' && has "$dir/forks.out" '^dropout  *0.1  *0.1 → 0.2 (35)  *$' &&
    has "$dir/forks.out" '"differs":\[{"setting":"batch_size","value":"32","first":"64","edits":2,"edited_at":35},{"setting":"dropout",' &&
    ! has "$dir/forks.out" 'the settings are the same'
ok $? "compare: what was changed in a fork, or undone there"

# ---- exports ----
before=$(($(date +%s) - 1000)) && runs export quick-1 && [ "$(sed -n 1p "$dir/out")" = "step,timestamp,loss,accuracy,learning_rate,gradient_norm" ] &&
    [ "$(wc -l < "$dir/out")" -eq 31 ] && found=$(sed 1d "$dir/out" | awk -F, -v after="$before" '
        $1 != NR || NF != 6 || $2 < last || $2 < after || $2 > after + 2000 || !($3 > 0) || !($5 > 0) { print } { last = $2 }')
[ -z "$found" ]
ok $? "export: a line a step, with moments that rise"
runs export quick-2 --evaluations --csv && [ "$(sed -n 1p "$dir/out")" = "step,timestamp,epoch,val_loss,val_accuracy,part_loss,part_accuracy" ] &&
    [ "$(wc -l < "$dir/out")" -ge 3 ]
ok $? "or an evaluation"
runs export quick-1 --jsonl -o "$dir/x.jsonl" && [ ! -s "$dir/out" ] && [ "$(grep -c '^{"step":[0-9]*,"timestamp":[0-9.]*,"loss":[0-9.e-]*,.*}$' "$dir/x.jsonl")" -eq 30 ] &&
    runs export quick-1 --csv -o "$dir/x.jsonl" && has "$dir/x.jsonl" '^30,'
ok $? "to a file, as JSON; which is replaced by another export"
cp "$dir/a" "$dir/b" && fails 2 'use --force to replace it' export quick-1 -o "$dir/b" && cmp -s "$dir/a" "$dir/b" &&
    fails 2 'use --force' export quick-1 -o "$db" && fails 2 'exclude each other' export quick-1 --csv --jsonl
ok $? "but nothing else is, the store least of all"

# ---- changes ----
runs mark quick-1 quick-2 && runs mark --off quick-2 && runs rename quick-1 best && runs list && has "$dir/out" '^\* best ' &&
    has "$dir/out" '^  quick-2 '
ok $? "mark and rename"
fails 2 'there is a run "quick-2" already' rename best quick-2 && fails 2 'no run is called "quick-1"' show quick-1 &&
    fails 2 'cannot be a run' rename best '' && fails 2 'no run is called "x"' rm best x
ok $? "names stay unique, and known"
runs rm quick-2 quick-3 && runs rm best && runs list --json && [ "$(names)" = "quick-6 quick-5 quick-4 " ] && runs list --deleted --sort name --json &&
    [ "$(names)" = "best quick-2 quick-3 " ]
ok $? "rm"
runs rm --undo && has "$dir/out" '^listed again: best$' && runs rm --undo quick-3 && runs list --json --sort name &&
    [ "$(names)" = "best quick-3 quick-4 quick-5 quick-6 " ]
ok $? "and rm --undo, the last one or by name"
runs gc && has "$dir/out" '^removed 1 deleted run ' && fails 2 'no run is deleted' rm --undo && runs list --deleted &&
    has "$dir/out" '^no run is deleted$'
ok $? "gc removes it for good"
mkdir -p "$dir/saddle"
printf '[store]\ncheckpoints = all\n' > "$dir/saddle/config.ini" && "$SADDLE" info > "$dir/out" && has "$dir/out" '^ *all are kept: checkpoints = all'
ok $? "checkpoints = all turns the rule for checkpoints off"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do
    printf 'step 1\nwait\nquit\n' | lab || break
done
autosaves() { find "$dir/saddle/runs" -name '*.safetensors' | wc -l; }
rm "$dir/saddle/config.ini"
before=$(autosaves) && [ "$before" -gt 20 ] && runs gc --json && found="$before $(autosaves) $(cat "$dir/out")" && [ "$(autosaves)" -eq 20 ] &&
    has "$dir/out" "^{\"runs\":0,\"checkpoints\":$((before - 20)),\"bytes\":[0-9]*}\$" && [ -e "$dir/a" ]
ok $? "gc keeps the newest 20 checkpoints that nobody named, and those with a name"
printf 'step 1\nwait\nquit\n' | lab && found=$(cat "$dir/e") && [ "$(autosaves)" -eq 20 ] &&
    has "$dir/e" '^saddle: removed 1 old checkpoint that nobody named, [0-9.]* MB. The newest 20 are kept,' &&
    [ -s "$(sed -n 's/.*saddle --from //p' "$dir/e")" ] && "$SADDLE" info > "$dir/out" &&
    has "$dir/out" '^ *20 runs of the lab without --checkpoint' && has "$dir/out" '^ *kept: the newest 20 of recorded and of unrecorded runs, those of marked or renamed runs'
ok $? "so does the lab when it ends, and says so; info shows the rule"
printf '[store]\ncheckpoints = 3\n' > "$dir/saddle/config.ini" && runs list --json && first=$(names) && first=${first%% *} &&
    runs mark "$first" && printf 'step 1\nwait\nquit\n' | lab && found=$(cat "$dir/e") && [ "$(autosaves)" -eq 3 ] &&
    has "$dir/e" 'The newest 3 are kept' && for i in 1 2 3; do printf 'step 1\nwait\nquit\n' | lab || break; done &&
    [ "$(autosaves)" -eq 4 ] && runs show "$first" && has "$dir/out" 'safetensors' && [ -e "$dir/a" ]
ok $? "as many as the configuration says, and those of marked runs"
# A folder that cannot be written, to whoever is not root.
mkdir "$dir/fixed" && cp -r "$dir/saddle" "$dir/fixed/saddle" && rm -f "$dir/fixed/saddle/config.ini" "$dir"/fixed/saddle/runs.db-* && chmod 755 "$dir" &&
    chmod 444 "$dir/fixed/saddle/runs.db" && chmod 555 "$dir/fixed/saddle"
fixed() {
    if [ "$(id -u)" -eq 0 ]; then set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$SADDLE" "$@"; else set -- "$SADDLE" "$@"; fi
    XDG_DATA_HOME=$dir/fixed XDG_CONFIG_HOME=$dir/fixed XDG_CACHE_HOME=$dir/fixed "$@" > "$dir/out" 2> "$dir/e"
}
if [ "$(id -u)" -eq 0 ] && ! fixed --version; then
    skip "only root may run the program"
else
    first=$("$SADDLE" runs list --json | sed -n '1s/^{"name":"\([^"]*\)".*/\1/p')
    fixed runs list && found=$(cat "$dir/out" "$dir/e") && has "$dir/out" "^  $first " && fixed runs show "$first" && ! fixed runs rename "$first" other &&
        has "$dir/e" '^saddle: .*runs.db: cannot write: the file or its folder is read-only$' && fixed train --recipe simple --steps 1 &&
        has "$dir/e" '^saddle: not recorded: .*cannot write: the file or its folder is read-only$' && [ ! -e "$dir/fixed/saddle/runs.db-wal" ]
    ok $? "where nothing can be written the runs are listed, and not recorded"
fi
chmod 755 "$dir/fixed/saddle"
printf '[store]\ncheckpoints = 2\nrecord = no\n' > "$dir/saddle/config.ini" && before=$(autosaves) &&
    for i in 1 2 3 4; do printf 'step 1\nwait\nquit\n' | lab || break; done && found=$(cat "$dir/e"; ls "$dir/saddle/runs") &&
    has "$dir/e" '^saddle: removed 1 old checkpoint of unrecorded runs, [0-9.]* MB. The newest 2 are kept.$' &&
    [ "$(autosaves)" -eq $((before + 2)) ] && [ "$(find "$dir/saddle/runs" -name '*-unrecorded.safetensors' | wc -l)" -eq 2 ] &&
    [ -s "$(sed -n 's/.*saddle --from //p' "$dir/e")" ]
ok $? "of unrecorded runs the newest are kept too, and no others are touched"
printf '[store]\ncheckpoints = 0\n' > "$dir/saddle/config.ini" && fails 3 'checkpoints: "0" is not a number of files from 1 on, or all' gc &&
    "$SADDLE" info > "$dir/out" && has "$dir/out" 'checkpoints: "0" is not a number of files'
ok $? "and refuses none at all"
rm "$dir/saddle/config.ini"
fails 2 'expected list, show' frob && fails 2 'expected "show NAME"' show && fails 2 'is an option of runs rm' list --undo &&
    fails 2 'expected "rm NAME' rm && fails 2 'unknown argument "--frob"' list --frob
ok $? "usage errors"

# ---- stores that cannot be used: one line, and training goes on ----
cp "$db" "$dir/good.db"
trains_unrecorded() { # sentence
    train --steps 3
    [ $? -eq 0 ] && found=$(cat "$dir/out" "$dir/e") && has "$dir/out" '^done after 3 steps' && [ "$(wc -l < "$dir/e")" -eq 1 ] &&
        has "$dir/e" "^saddle: not recorded: .*$1"
}
printf 'this is no database, and long enough to be taken for one\n' > "$db" && cp "$db" "$dir/bad.db" && trains_unrecorded damaged &&
    fails 3 damaged list && cmp -s "$db" "$dir/bad.db"
ok $? "a damaged store is left as it is"
printf 'step 3\nwait\nquit\n' | lab
[ $? -eq 0 ] && found=$(cat "$dir/out") && has "$dir/out" '^not recorded: .*damaged' && has "$dir/e" 'run saved'
ok $? "the lab says so, too"
cp "$dir/good.db" "$db" && printf '\000\000\000\143' | dd of="$db" bs=1 seek=60 conv=notrunc 2> /dev/null && cp "$db" "$dir/bad.db" &&
    trains_unrecorded 'later version of saddle' && fails 3 'later version' list && cmp -s "$db" "$dir/bad.db"
ok $? "so is one of a later version"
cp "$dir/good.db" "$db"
(XDG_DATA_HOME=/proc trains_unrecorded '/proc/saddle')
ok $? "a folder that cannot be written"
rm -rf "$dir/few" && mkdir "$dir/few" && (XDG_DATA_HOME=$dir/few && ulimit -f 20 && trains_unrecorded 'runs.db')
ok $? "a disk that is full"
(unset XDG_DATA_HOME HOME && trains_unrecorded 'neither XDG_DATA_HOME nor HOME is set' && fails 1 'neither' list)
ok $? "no home"
runs list --json && found=$(names) && [ "$(names | wc -w)" -gt 20 ]
ok $? "and the store is as it was"
echo "1..$n"
