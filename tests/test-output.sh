#!/bin/sh
# SPDX-License-Identifier: MIT
# What commands write and read beside their purpose: outputs that fail, files in the way, signals, memory.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
# Without prefix, "net": a network that trains at once.
net='network=linear 8 relu | linear 41'
printf '#!/bin/sh\nexec "%s" train --set "%s" --set context=1 --set batch_size=512 "$@"\n' "$SADDLE" "$net" > "$dir/train"
chmod +x "$dir/train"
train() { "$dir/train" "$@"; }
says() { # CODE WORDS COMMAND…: it ends with this code, and one line that says so
    code=$1 words=$2
    shift 2
    timeout 60 "$@" > "$dir/out" 2> "$dir/e"
    status=$?
    found=$(echo "exit $status" && cat "$dir/e")
    [ $status -eq "$code" ] && has "$dir/e" "$words" && [ "$(wc -l < "$dir/e")" -eq 1 ]
}
sanitized() { "$SADDLE" info | grep -q '^sanitizer *[^n]'; }
left() { find "$dir" -path '*/sessions/*' -prune -o -name '*.saddle-*' -print | wc -l; }

train --steps 3 --checkpoint "$dir/run" > "$dir/out" && train --steps 3 > "$dir/out2"
ok $? "a run and its checkpoint"
cp "$srcdir/datasets/phones.safetensors" "$dir/d.safetensors"

# ---- standard output ----
for command in "info" "--version" "--help" "train --help" "--generate man" "data info sample" "data info sample --json" \
    "eval --checkpoint $dir/run" "probe --checkpoint $dir/run --frames 64 --top 1" "race --list" \
    "race --surface rotated --optimizer sgd --steps 5 --json" "train --steps 2" "train --steps 2 --json" \
    "landscape --checkpoint $dir/run --axes 1 --points 3 --frames 64 --no-figures" "--dump-screen 80x24"; do
    # shellcheck disable=SC2086
    "$SADDLE" $command > /dev/full 2> "$dir/e"
    [ $? -eq 1 ] && has "$dir/e" 'cannot write to the standard output'
    ok $? "$command > /dev/full: exit 1 and a sentence"
done
"$SADDLE" data info sample >&- 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" 'cannot write to the standard output'
ok $? "so does a closed one"
train --steps 2 --checkpoint "$dir/lost" > /dev/full 2> "$dir/e"
[ $? -eq 1 ] && "$SADDLE" eval --checkpoint "$dir/lost" > /dev/null
ok $? "what was trained is saved all the same"
train --epochs 1000 --json --set batch_size=8192 --checkpoint "$dir/head" 2> "$dir/e" | head -n 1 > "$dir/out"
has "$dir/out" '"epoch":1' && "$SADDLE" eval --checkpoint "$dir/head" > /dev/null
ok $? "and where the reader leaves"

printf 'step 1\nwait\nquit\n' | "$SADDLE" --plain --paused --set "$net" --checkpoint "$dir/mine" > /dev/full 2> "$dir/e"
[ $? -eq 1 ] && has "$dir/e" 'cannot write to the standard output' && "$SADDLE" eval --checkpoint "$dir/mine" > /dev/null
ok $? "--plain, too"
mkdir "$dir/c1" && : > "$dir/c1/state"
printf 'quit\n' | XDG_STATE_HOME=$dir/c1/state "$SADDLE" --plain --paused > "$dir/out" 2> "$dir/e"
has "$dir/out" 'this run has nowhere to be saved'
ok $? "a place for runs that cannot be written is nowhere"

# ---- where outputs go ----
"$SADDLE" data info sample > /dev/null
train --steps 1 --checkpoint /dev/null > "$dir/out" && [ -c /dev/null ]
ok $? "a device is written to, not replaced"
mkfifo "$dir/pipe"
says 1 'pipe: is a pipe without a reader' "$dir/train" --steps 1 --checkpoint "$dir/pipe" && [ -p "$dir/pipe" ]
ok $? "a FIFO that nobody reads is refused"
cat "$dir/pipe" > "$dir/piped" &
"$SADDLE" data info sample > /dev/null # the reader opens it meanwhile; where it did not, the write is refused: again
until train --steps 1 --seed 5 --checkpoint "$dir/pipe" > /dev/null 2> "$dir/e" || ! has "$dir/e" 'without a reader'; do :; done
wait && "$SADDLE" eval --checkpoint "$dir/piped" > /dev/null && [ -p "$dir/pipe" ]
ok $? "one that somebody reads is written to"
says 1 'is a folder' "$dir/train" --steps 1 --checkpoint "$dir"
ok $? "a folder is refused"
printf 'RIFF\244\014\0\0WAVEfmt \020\0\0\0\001\0\001\0\200\076\0\0\0\0\0\0\002\0\020\0data\200\014\0\0' > "$dir/a.wav"
head -c 3200 /dev/zero >> "$dir/a.wav"
"$SADDLE" features "$dir/a.wav" -o "$dir/o" && "$SADDLE" features "$dir/a.wav" -o /dev/stdout > "$dir/o2" &&
    cmp "$dir/o" "$dir/o2" && "$SADDLE" features "$dir/a.wav" -o /dev/stdout | cmp - "$dir/o"
ok $? "-o /dev/stdout, a file or a pipe"
mkdir "$dir/real" && ln -s real/run "$dir/link" && train --steps 1 --checkpoint "$dir/link" > /dev/null &&
    [ -L "$dir/link" ] && [ -s "$dir/real/run" ]
ok $? "a symbolic link is followed"
chmod 640 "$dir/real/run" && train --steps 1 --checkpoint "$dir/link" > /dev/null &&
    [ "$(stat -c %a "$dir/real/run")" = 640 ]
ok $? "a replaced file keeps its mode"

# ---- files in the way ----
echo thesis > "$dir/thesis"
unchanged() { [ "$(cat "$dir/thesis")" = thesis ]; }
says 2 'thesis: file exists and is not a checkpoint; use --force' "$dir/train" --steps 1 --checkpoint "$dir/thesis" && unchanged
ok $? "train over another file"
says 2 'd.safetensors: is also an input of this command' "$dir/train" --data "$dir/d.safetensors" --steps 1 --checkpoint "$dir/d.safetensors"
ok $? "train over its data"
says 2 'thesis: .*not a checkpoint' "$SADDLE" --plain --checkpoint "$dir/thesis" && unchanged
ok $? "the lab over another file"
cp "$dir/run" "$dir/m.safetensors"
says 2 'is also an input of this command' "$SADDLE" landscape --checkpoint "$dir/m.safetensors" -o "$dir/m.safetensors" &&
    cmp -s "$dir/run" "$dir/m.safetensors"
ok $? "landscape over its checkpoint"
cp "$dir/thesis" "$dir/thesis.svg"
says 2 'not an SVG picture' "$SADDLE" landscape --checkpoint "$dir/run" -o "$dir/thesis.svg" &&
    says 2 'not an SVG picture' "$SADDLE" race --surface rotated --optimizer sgd -o "$dir/thesis.svg" &&
    says 2 'not an SVG picture' "$SADDLE" race --surface rotated --optimizer sgd --film "$dir/thesis.svg" &&
    cmp -s "$dir/thesis" "$dir/thesis.svg"
ok $? "a picture over a text"
says 2 'is also an input of this command' "$SADDLE" features "$dir/a.wav" -o "$dir/a.wav" &&
    says 2 'not a file of features' "$SADDLE" features "$dir/a.wav" -o "$dir/thesis" && unchanged
ok $? "features over their recording"
says 2 'not a data set' "$SADDLE" data import "$dir" -o "$dir/run"
ok $? "a data set over a checkpoint"
name=$("$SADDLE" runs list --json | sed -n '1s/.*"name":"\([^"]*\)".*/\1/p')
printf '# My thesis\n\nText.\n' > "$dir/thesis.md" && printf '<!DOCTYPE html>\n<p>Mine.</p>\n' > "$dir/thesis.html"
printf '<?xml version="1.0"?>\n<project/>\n' > "$dir/pom.xml" && printf '{"step":1,"loss":2}\n' > "$dir/log.jsonl"
yes '0123 5678 0123 ' | head -c 15600 > "$dir/digits"
(cd "$dir" && cat thesis.md thesis.html pom.xml log.jsonl digits) > "$dir/before"
says 2 'not a report' "$SADDLE" report "$name" -o "$dir/thesis.md" &&
    says 2 'not a report' "$SADDLE" report "$name" -o "$dir/thesis.html" &&
    says 2 'not an SVG picture' "$SADDLE" race --surface rotated --optimizer sgd -o "$dir/pom.xml" &&
    says 2 'not a file of curves' "$SADDLE" runs export "$name" -o "$dir/log.jsonl" &&
    says 2 'not a file of features' "$SADDLE" features "$dir/a.wav" -o "$dir/digits" &&
    (cd "$dir" && cat thesis.md thesis.html pom.xml log.jsonl digits) | cmp -s - "$dir/before"
ok $? "what only begins as saddle's own files do"
for kind in x.md x.html; do
    "$SADDLE" report "$name" -o "$dir/$kind" > /dev/null && "$SADDLE" report "$name" -o "$dir/$kind" > /dev/null
    ok $? "a report over a report, $kind"
done
"$SADDLE" runs export "$name" --jsonl -o "$dir/c.jsonl" && "$SADDLE" runs export "$name" --jsonl -o "$dir/c.jsonl" &&
    "$SADDLE" runs export "$name" -o "$dir/c.csv" && "$SADDLE" runs export "$name" -o "$dir/c.csv"
ok $? "curves over curves"
ln -s same "$dir/alias"
says 2 '[-]o and --trace name the same file' "$SADDLE" race --surface rotated --optimizer sgd -o "$dir/same" --trace "$dir/./same" &&
    says 2 '[-]o and --film name the same file' "$SADDLE" race --surface rotated --optimizer sgd -o "$dir/same" --film "$dir/alias" &&
    [ ! -e "$dir/same" ] &&
    "$SADDLE" race --surface rotated --optimizer sgd --steps 5 -o /dev/null --trace /dev//null > /dev/null
ok $? "two outputs in one file, under two names of it"
train --steps 1 --checkpoint "$dir/thesis" --force > /dev/null && "$SADDLE" eval --checkpoint "$dir/thesis" > /dev/null &&
    "$SADDLE" race --surface rotated --optimizer sgd -o "$dir/thesis.svg" --force > /dev/null &&
    "$SADDLE" race --surface rotated --optimizer sgd -o "$dir/thesis.svg" > /dev/null &&
    "$SADDLE" features "$dir/a.wav" -o "$dir/o" && train --from "$dir/run" --steps 1 --checkpoint "$dir/run" > /dev/null
ok $? "--force replaces; files of the same kind need none, nor does the run's own"
says 1 'nowhere/x: cannot write' "$dir/train" --steps 1000000 --checkpoint "$dir/nowhere/x"
ok $? "a checkpoint's place is tried before the training"
printf 'save %s\nsave! %s\nwait\nsave %s\nwait\nsave %s\nwait\nquit\n' "$dir/o" "$dir/o" "$dir/o" "$dir/m.safetensors" |
    "$SADDLE" --plain --paused --set "$net" --set context=1 --checkpoint "$dir/mine" > "$dir/out" 2> "$dir/e"
[ "$(grep -c 'file exists; use save! to replace it' "$dir/out")" -eq 2 ] && cmp -s "$dir/run" "$dir/run" &&
    "$SADDLE" eval --checkpoint "$dir/o" > /dev/null
ok $? "save asks for a ! before it replaces what is not its own"

# ---- limits ----
(ulimit -f 20 && says 1 'big: cannot write: File too large' "$dir/train" --no-record --steps 1 --set 'network=linear 512 linear 41' --checkpoint "$dir/big") &&
    [ ! -e "$dir/big" ]
ok $? "a file-size limit is a sentence"
wide='network=linear 65536 relu linear 65536 relu linear 65536 relu linear 65536 relu linear 65536 relu linear 65536 relu linear 65536 relu linear 65536 relu linear 65536 relu linear 41'
says 1 'million parameters needs .* GB of memory, of which this machine has' "$SADDLE" train --steps 1 --set "$wide"
ok $? "a network larger than the machine's memory is refused before it is made"
if sanitized; then skip "memory of what is changed during a run"; else
    (ulimit -v 2000000 && printf 'set optimizer soap\nwait\nset batch_size 65536\nwait\nstep 1\nwait\nquit\n' |
        "$SADDLE" --plain --paused --no-record --set 'network=linear 10000 relu | linear 41' --set context=1 --set batch_size=16 \
            --set optimizer=sgd --checkpoint "$dir/mine" --force > "$dir/out" 2> "$dir/e")
    [ $? -eq 0 ] && has "$dir/out" 'SOAP with 0.81 million parameters needs .* GB of memory, of which this machine has 2.0 GB' &&
        has "$dir/out" 'a batch of 65536 examples needs .* GB of memory, of which this machine has 2.0 GB' && has "$dir/out" 'step 1: paused'
    ok $? "so is what a setting needs that is changed during the run, which goes on"
fi
# a checkpoint whose settings claim another network than its tensors are: the length of the header stays
sed 's/"knob.network":"linear 8 relu | linear 41"/"knob.network":"linear 65536 linear 41"   /' "$dir/m.safetensors" > "$dir/x"
says 3 'x: .*layers.0.weight' "$SADDLE" eval --checkpoint "$dir/x"
ok $? "a checkpoint's shapes are compared before its network is made"
{ printf '\200\226\230\000\000\000\000\000{"__metadata__":{},"a":['; head -c 9999960 /dev/zero | sed 's/\x00/0,/g' | head -c 9999960; printf '0]}'; } |
    head -c 10000008 > "$dir/huge"
if sanitized; then skip "memory of a header"; else
    (ulimit -v 600000 && says 3 'huge: its header of 10.0 MB holds more than' "$SADDLE" eval --checkpoint "$dir/huge")
    ok $? "a header of millions of values is refused unread"
fi

# ---- reading ----
mkfifo "$dir/fifo.ini"
says 3 'fifo.ini: not a regular file' "$SADDLE" train --recipe "$dir/fifo.ini" &&
    says 3 'not a regular file' "$SADDLE" features --list "$dir/fifo.ini" &&
    says 3 'not a regular file' "$SADDLE" eval --checkpoint "$dir/fifo.ini"
ok $? "a FIFO as recipe, list or checkpoint is refused at once"
mkdir -p "$dir/cfg/saddle" "$dir/folder" && mkfifo "$dir/cfg/saddle/config.ini" "$dir/folder/train_split.txt"
(XDG_CONFIG_HOME=$dir/cfg says 3 'config.ini: not a regular file' "$SADDLE" --plain) &&
    says 3 'train_split.txt: not a regular file' "$SADDLE" data info "$dir/folder"
ok $? "and as settings or split"
timeout 60 "$SADDLE" --plain --set "$net" --set context=1 --set epochs=1 --set batch_size=8192 <&- > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && has "$dir/out" 'finished'
ok $? "--plain without a standard input ends with the run"
long=$(printf '%0600d' 0)
printf 'save %s/%s\nstep 1\nwait\nsave %s/%s%s%s\nstep 2\nwait\n\nquit\n' "$dir" "$long" "$dir" "$long" "$long" "$long" |
    "$SADDLE" --plain --paused --set "$net" --set context=1 --checkpoint "$dir/mine" > "$dir/out" 2> "$dir/e"
[ "$(grep -c 'a line longer than 511 bytes is not obeyed' "$dir/out")" -eq 2 ] && [ "$(find "$dir" -name '000*' | wc -l)" -eq 0 ] &&
    ! has "$dir/out" 'unknown setting or command' && has "$dir/out" 'step 3: epoch' # asked by the empty line
ok $? "lines too long are refused whole, what follows is obeyed"
printf 'quit\n' | env -u HOME -u XDG_STATE_HOME "$SADDLE" --plain --paused > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && has "$dir/out" 'this run has nowhere to be saved'
ok $? "a run with nowhere to be saved says so"
printf '[network]\nnetwork = linear 8 relu | linear 7\n' > "$dir/seven.ini"
says 3 'seven.ini: network: it ends in 7 outputs, the data has 41' "$SADDLE" train --recipe "$dir/seven.ini"
ok $? "a network that does not fit names its recipe"
printf '[train\302\233ing]\nx = 1\n' > "$dir/c1.ini"
"$SADDLE" train --recipe "$dir/c1.ini" 2> "$dir/e"
! LC_ALL=C grep -q "$(printf '\302\233')" "$dir/e" && has "$dir/e" 'c1.ini'
ok $? "controls of a file do not reach the terminal"
c1=$(printf 'x\302\233y.wav')
cp "$dir/a.wav" "$dir/$c1" && printf '%s\n' "$dir/$c1" "$dir/a.wav" > "$dir/c1/list"
"$SADDLE" features --list "$dir/c1/list" > "$dir/out" && ! LC_ALL=C grep -q "$(printf '\302\233')" "$dir/out" &&
    has "$dir/out" 'x??y.wav'
ok $? "nor do those of a list"

train --steps 1 --force --checkpoint "$dir/$c1" > /dev/null && "$SADDLE" runs show "$("$SADDLE" runs list --json | sed -n '1s/.*"name":"\([^"]*\)".*/\1/p')" --json > "$dir/out" &&
    has "$dir/out" 'x.u009by.wav' && cp "$dir/a.wav" "$dir/$c1" && "$SADDLE" features --json "$dir/$c1" > "$dir/out2" 2> "$dir/e" ; ! cat "$dir/out" "$dir/out2" "$dir/e" | LC_ALL=C grep -q "$(printf '\302\233')" &&
    has "$dir/out" '"checkpoints":'
ok $? "nor do those of names in JSON"
esc=$(printf 'x\302\233y\033[2J')
cp "$dir/m.safetensors" "$dir/$esc.ck" && cp "$srcdir/datasets/recipes/quick.ini" "$dir/$esc.ini" && cp "$srcdir/lessons/11-momentum.md" "$dir/$esc.md" && {
    "$SADDLE" predict --checkpoint "$dir/$esc.ck" -o "$dir/$esc.csv" && "$SADDLE" export-weights --checkpoint "$dir/$esc.ck" -o "$dir/$esc.onnx" &&
        "$SADDLE" import-weights "$dir/$esc.ck" -o "$dir/$esc.imported" --set "$net" --set context=1 && "$SADDLE" lesson check "$dir/$esc.md" &&
        "$SADDLE" report "$name" -o "$dir/$esc.html" && "$SADDLE" landscape --checkpoint "$dir/$esc.ck" --and "$dir/$esc.ck" --directions line \
            --points 3 --frames 64 --no-figures && XDG_STATE_HOME=$dir/$esc "$SADDLE" info &&
        "$SADDLE" sweep --recipe "quick,$dir/$esc.ini" --set "$net" --set context=1 --steps 2 --no-record -o "$dir/$esc.sweep" &&
        "$SADDLE" sweep gather "$dir/$esc.sweep" --csv
} > "$dir/out" 2>&1
[ $? -eq 0 ] && ! LC_ALL=C grep "$(printf '\302\233\\|\033')" "$dir/out"
ok $? "nor do those of the names of files"

# ---- signals ----
first_line() { # SIGNAL… of a run that has printed a line; the rest of its lines in $dir/rest, its status in $status
    "$SADDLE" train --set "$net" --set context=1 --epochs 1000 --json --set batch_size=8192 --checkpoint "$dir/sig" "$@" \
        > "$dir/pipe" 2> "$dir/e" &
    pid=$!
    { read -r _ && eval "$signals" && cat > "$dir/rest"; } < "$dir/pipe"
    wait $pid
    status=$?
}
rm -f "$dir/sig"
signals='kill -TERM $pid; kill -TERM $pid; kill -TERM $pid' && first_line
[ $status -eq 143 ] && "$SADDLE" eval --checkpoint "$dir/sig" > /dev/null && has "$dir/rest" summary
ok $? "several signals at once: one save"
for s in "USR1 138" "ALRM 142" "XCPU 152"; do
    rm -f "$dir/sig"
    signals="kill -${s% *} \$pid" && first_line
    [ $status -eq "${s#* }" ] && "$SADDLE" eval --checkpoint "$dir/sig" > /dev/null
    ok $? "SIG${s% *} saves, too"
done
rm -f "$dir/sig"
(
    trap '' HUP
    signals='kill -HUP $pid; read -r _; kill -TERM $pid' && first_line
    [ $status -eq 143 ]
)
ok $? "a hangup that is ignored, as under nohup, stays so"
rm -f "$dir/sig"
signals='truncate -s 4096 $dir/d.safetensors' && first_line --data "$dir/d.safetensors"
[ $status -eq 3 ] && has "$dir/e" 'd.safetensors: the file was cut short' && [ "$(wc -l < "$dir/e")" -eq 1 ] && [ -s "$dir/sig" ]
ok $? "data cut short while it is trained on: a sentence, and the run is saved"

# ---- killed writes ----
kills=${SADDLE_LONG:+300}
big='network=linear 512 relu | linear 41'
train --set "$big" --steps 1 --checkpoint "$dir/killed" > /dev/null
i=0 most=0
while [ $i -lt "${kills:-8}" ]; do
    i=$((i + 1))
    printf 'save\nsave\nsave\nsave\nsave\nsave\nwait\n' |
        "$SADDLE" --plain --paused --set "$big" --checkpoint "$dir/killed" > "$dir/pipe" &
    pid=$!
    { grep -m 1 -q 'saved as' && kill -9 $pid 2> /dev/null; cat > /dev/null; } < "$dir/pipe" # the next save has begun
    wait $pid 2> /dev/null
    "$SADDLE" eval --checkpoint "$dir/killed" > /dev/null 2> "$dir/e" || break
    now=$(left)
    most=$((now > most ? now : most)) ever=$((${ever:-0} + now))
done
[ $i -eq "${kills:-8}" ] && [ "$most" -le 1 ]
ok $? "$i runs killed amid a save: the file is whole after each, and at most one is left over"
echo "# left over after a kill: $ever of $i times"
train --set "$big" --steps 1 --checkpoint "$dir/killed" > /dev/null && [ "$(left)" -eq 0 ]
ok $? "which the next write removes"
"$SADDLE" --plain --paused < /dev/null > /dev/null 2>&1 && [ "$(find "$dir" -name '*.saddle-*' | wc -l)" -eq 0 ]
ok $? "and what a killed session left, the next lab"
echo "1..$n"
