#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle --dump-screen: the real app on the real trainer without a terminal. Structure, not digits.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$1"; }
dump() { # size script [option…]
    size=$1 script=$2
    shift 2
    "$SADDLE" --dump-screen "$size" --script "$script" --set network="linear 8 relu | linear 41" --set context=1 \
        --set eval_every=.1 "$@"
}

dump 80x24 'l<wait 200 steps>h<wait 30 steps>' > "$dir/a" && dump 80x24 'l<wait 200 steps>h<wait 30 steps>' > "$dir/b"
ok $? "a script is played"
cmp -s "$dir/a" "$dir/b"
ok $? "twice the same bytes"
[ "$(wc -l < "$dir/a")" -eq 24 ]
ok $? "as many lines as rows"
has "$dir/a" 'paused *step 230  epoch 0\.[0-9]/20' && has "$dir/a" '200  learning rate 1\.3e-3 → 1e-3'
ok $? "230 steps, the edit after the 200th"
has "$dir/a" 'val [0-9.]*' && has "$dir/a" 'simple' && has "$dir/a" 'edit ▴'
ok $? "evaluations, reference lines, marks"
dump 120x40 '<Space>n' --seed 3 |
    grep -q '▶ training *step 1 .* 0 frames/s · *0:00\|▶ training *step 1 .*0:00.* 0 frames/s'
ok $? "space and n work; clocks stand at 0"
LC_ALL=C dump 200x60 '?' > "$dir/ascii" && ! LC_ALL=C grep -q '[^ -~]' "$dir/ascii" &&
    has "$dir/ascii" 'select the setting above'
ok $? "in the C locale it is ASCII"
for depth in 24 256 16 8 0; do dump 80x24 6 --colors $depth --colormap viridis > "$dir/colours$depth"; done
[ "$(wc -l < "$dir/colours24")" -eq 24 ] && has "$dir/colours24" '48;2;' && has "$dir/colours256" '48;5;' &&
    ! has "$dir/colours256" '[34]8;2;' && ! has "$dir/colours16" '[34]8;[25]' && ! has "$dir/colours8" '\[9' &&
    ! has "$dir/colours0" '\[3'
ok $? "--colors: the screen with its escape sequences"
dump 80x24 6 --colors 24 > "$dir/a" && dump 80x24 '6:colormap viridis<Enter>' --colors 24 > "$dir/b" &&
    ! cmp -s "$dir/a" "$dir/colours24" && [ "$(tail -n +2 "$dir/b" | head -n 21)" = "$(tail -n +2 "$dir/colours24" | head -n 21)" ]
ok $? ":colormap does the same as --colormap"
dump 80x24 4 --colors 24 --cells octants > "$dir/a" && dump 80x24 '4:cells octants<Enter>' --colors 24 > "$dir/b" &&
    grep -q '🬀\|𜴀\|▘\|▖\|▗' "$dir/a" && [ "$(tail -n +2 "$dir/a" | head -n 21)" = "$(tail -n +2 "$dir/b" | head -n 21)" ]
ok $? ":cells does the same as --cells"
dump 80x24 ':testcard<Enter>' > "$dir/a" && has "$dir/a" ':cells octants' && has "$dir/a" '𜵡𜴔' && has "$dir/a" '🬞🬵'
ok $? "the test card shows sextants and octants"
LC_ALL=C dump 120x40 '' --cells sextants > "$dir/a" && has "$dir/a" 'cells: sextants need a UTF-8 locale' &&
    ! LC_ALL=C grep -q '[^ -~]' "$dir/a"
ok $? "in the C locale they are refused in a sentence"
"$SADDLE" --dump-screen 80x24 --cells tiles 2> "$dir/out"; [ $? -eq 2 ] && has "$dir/out" 'choose from braille, sextants'
ok $? "other cells are refused"
"$SADDLE" --dump-screen 80x24 --colors 12 2> "$dir/out"; [ $? -eq 2 ] && has "$dir/out" 'choose from 24'
ok $? "another number of colours is refused"
dump 80x24 'l<wait 9 steps>u<wait 1 steps>' > "$dir/out" && has "$dir/out" '0  undo: learning rate 1\.3e-3 → 1e-3, back at step 0, with its weights'
ok $? "u takes an edit back"
dump 80x24 ":save $dir/named<Enter>u" > "$dir/out" && [ -s "$dir/named" ] && has "$dir/out" 'nothing to undo'
ok $? "a run is saved under a name of one's own"
dump 80x24 ":save $dir/no/such<Enter>" | tail -n 1 > "$dir/out" && has "$dir/out" 'No such file or directory' &&
    ! has "$dir/out" 'saving as'
ok $? "a save that fails is told in the last line"
dump 120x40 '4 <wait 83 steps>' > "$dir/race" && dump 120x40 '4 <wait 83 steps>' | cmp -s - "$dir/race" &&
    has "$dir/race" 'step 83 · 4 of 4 arrived · training is paused'
ok $? "the race waits for the script too: out of the saddle in 83 steps, the training untouched"
dump 80x24 '2<wait 30 steps>p<wait probe>' > "$dir/a" && has "$dir/a" 'spectrum .* λmin -[0-9.e-]* · λmax [0-9.e-]*' &&
    has "$dir/a" 'taken at step 30, here' && has "$dir/a" 'minimum ratio \.[0-9]* all' &&
    has "$dir/a" 'stability .* η λmax .* of 38' &&
    dump 80x24 '2<wait 30 steps>p<wait probe>' > "$dir/b" && cmp -s "$dir/a" "$dir/b"
ok $? "p looks at the whole spectrum of a small network, twice alike"
dump 120x40 '2<wait 30 steps>p<wait probe>e<wait 2 steps>' > "$dir/a" && has "$dir/a" 'predicted *loss -[0-9.e-]*' &&
    has "$dir/a" 'actual *loss [-+][0-9.e-]*' && has "$dir/a" '▴ *30  escape' && has "$dir/a" '30, 2 steps ago'
ok $? "e escapes: the predicted and the actual change"
dump 120x40 '2<wait 30 steps>p<wait probe>3<Enter><wait landscape>5<Enter><wait measure>9<Enter><wait task>8<Enter><wait task>' > "$dir/a" &&
    has "$dir/a" 'of 1000 draws are bad' && ! has "$dir/a" 'compute pool'
ok $? "every view's work can be done in one session"
dump 120x40 '2<wait 30 steps>p<wait probe>eu' > "$dir/a" && has "$dir/a" '▴ *30  undo: escape'
ok $? "u takes an escape back"
dump 80x24 '3<wait 30 steps>:landscape ends points=9<Enter><wait landscape>' > "$dir/a" &&
    has "$dir/a" '9×9 · step 30' &&
    has "$dir/a" '↑ bottom eigenvector, λ -' && has "$dir/a" 'ε-sharpness *[≥0-9.]* %' &&
    has "$dir/a" 'λmax *[0-9.]* ± ' &&
    dump 80x24 '3<wait 30 steps>:landscape ends points=9<Enter><wait landscape>' > "$dir/b" && cmp -s "$dir/a" "$dir/b"
ok $? "a landscape of eigenvectors, twice alike"
dump 120x40 '3<wait 20 steps>D<wait landscape>w<wait 20 steps><wait landscape><Left><Up>' > "$dir/a" &&
    has "$dir/a" 'step 40 ' && has "$dir/a" 'at -[0-9.e-]*, [0-9.e-]*: loss [0-9.]* ' &&
    has "$dir/a" 'path start' && has "$dir/a" 'the run'
ok $? "the way of the run, followed and read"
dump 80x24 '2:probe_every 10<Enter><wait 40 steps>' > "$dir/a" && has "$dir/a" 'every 10 steps'
ok $? "probes as a series"
dump 20x5 '' | grep -q 'too small'
ok $? "a screen too small says so"
dump 80x24 ':lr 1e4<Enter>:optimizer sgd<Enter><wait 2000 steps>' > "$dir/diverged" && has "$dir/diverged" 'diverged'
ok $? "waiting ends where training does"
dump 80x24 '<wait 3 steps>:quit<Enter><wait 5 steps>' --checkpoint "$dir/run" | grep -q 'step 3 ' && [ -s "$dir/run" ]
ok $? "leaving ends the script; a checkpoint that was asked for is written"
[ ! -e "$dir/saddle/runs" ]
ok $? "and none otherwise"

mkdir -p "$dir/saddle"
printf '[keys]\nsetting-next = C-n\n' > "$dir/saddle/config.ini"
dump 80x24 '<C-n>jj' | grep -q '▸● batch size'
ok $? "keys are as the settings have them"
printf '[screen]\nascii = on\n[keys]\nquit = h\n' > "$dir/saddle/config.ini"
dump 80x24 '' > "$dir/out" 2> "$dir/e"
[ $? -eq 3 ] && has "$dir/e" 'config.ini:4: setting-down and quit would have the same key' && [ ! -s "$dir/out" ]
ok $? "keys that meet are refused with their line, exit 3"
rm "$dir/saddle/config.ini"

refused() { # pattern name arguments…
    pattern=$1 name=$2
    shift 2
    "$SADDLE" "$@" > "$dir/out" 2> "$dir/e"
    [ $? -eq 2 ] && has "$dir/e" "$pattern" && [ ! -s "$dir/out" ]
    ok $? "$name"
}
refused '<Nokey>, at character 4' "an unknown key is named with its place" --dump-screen 80x24 --script 'abé<Nokey>'
refused '"<Up" has no closing >.*at character 2' "so is one without an end" --dump-screen 80x24 --script 'a<Up'
refused '<wait 5 apples>' "a wait for something else" --dump-screen 80x24 --script '<wait 5 apples>'
refused 'expected a size from 1x1 to [0-9]*x200' "no columns" --dump-screen 0x24
refused 'expected a size from 1x1 to [0-9]*x200' "too many rows" --dump-screen=80x201
refused 'expected COLUMNSxROWS' "no size" --dump-screen 80
refused 'expected COLUMNSxROWS' "a negative size" --dump-screen -1x-1
refused '--script needs --dump-screen' "a script alone" --script j
echo "1..$n"
