#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle info, the manual and the completions: whole, and of good syntax.
. "${srcdir:-.}"/tests/begin.sh
top=${srcdir:-.}
# Lines of standard input that do not occur as words in a file.
missing() { while read -r word; do grep -q -w -e "$word" "$1" || echo "$word is not in $1"; done; }

for kind in man bash zsh fish; do
    "$SADDLE" --generate $kind > "$dir/$kind" && [ -s "$dir/$kind" ]
    ok $? "$kind is written"
done
sed 's/\\-/-/g; s/\\f[BIR]/ /g' "$dir/man" > "$dir/man-plain"
mv "$dir/man-plain" "$dir/man"

"$SADDLE" --help | sed -n 's/^  \([a-z-]*\)  *.*/\1/p' > "$dir/commands"
sed -n 's/^HYPERPARAMETER(.*\.name = "\([A-Za-z0-9_]*\)".*/\1/p' "$top"/src/run/hyperparameter.def > "$dir/knobs"
while read -r c; do
    "$SADDLE" "$c" --help | sed -n 's/^ *\(-[a-z], \)\{0,1\}--\([a-z-]*\).*/\2/p'
done < "$dir/commands" | sort -u > "$dir/options"
found=$(wc -l < "$dir/commands") && [ "$found" -ge 6 ] && found=$(wc -l < "$dir/knobs") && [ "$found" -ge 30 ] &&
    found=$(wc -l < "$dir/options") && [ "$found" -ge 20 ]
ok $? "there are commands, knobs and options to look for"
for kind in man bash zsh fish; do
    found=$(for list in commands knobs options; do missing "$dir/$kind" < "$dir/$list"; done)
    [ -z "$found" ]
    ok $? "each command, option and knob is in $kind"
done
"$SADDLE" info > "$dir/info"
found=$(cat "$top"/tui/*/*.c | sed -n "s/^    {\('.'\|[A-Z_0-9']*\)\( - '@'\)\{0,1\}, [^\"]*, \"\([a-z-]*\)\", .*/\3/p" |
    tee "$dir/actions" | missing "$dir/info")
[ -z "$found" ] && [ "$(wc -l < "$dir/actions")" -ge 110 ]
ok $? "each action is in saddle info"
found=$(missing "$dir/man" < "$dir/actions")
[ -z "$found" ]
ok $? "and in the manual"
found=$(cat "$top"/tui/app/command-line.c "$top"/tui/*/commands.c | sed -n 's/^    {"\([a-z]*\)", "[^"]*", .*/\1/p' |
    tee "$dir/screen" | missing "$dir/man" &&
    while read -r word; do grep -qF "\`$word\`" "$top/README.md" || echo "$word is not in the README"; done < "$dir/screen")
[ -z "$found" ] && [ "$(wc -l < "$dir/screen")" -ge 23 ]
ok $? "each command of the screen is in the manual and in the README"
found=$(grep -A1 -e 'screenshot.*!' -e 'plot.*!' "$dir/man") && [ "$(printf '%s\n' "$found" | grep -c '! replaces')" -eq 2 ]
ok $? "and so is the ! that lets a file be replaced"
found=$(cat "$dir/info") && grep -q '^settings  *'"$dir/saddle/config.ini" "$dir/info" &&
    grep -q '^products  *OpenBLAS' "$dir/info" &&
    grep -q '^terminal  *xterm-256color: 256 colours' "$dir/info"
ok $? "saddle info tells paths, libraries and the terminal"

mkdir -p "$dir/saddle" && printf '[keys]\npause = F5\nundo = C-z\n' > "$dir/saddle/config.ini"
"$SADDLE" info > "$dir/out" 2> "$dir/e"
[ $? -eq 0 ] && found=$(cat "$dir/out" "$dir/e") && grep -q '^settings .*config.ini$' "$dir/out" && [ ! -s "$dir/e" ] &&
    grep -q 'error: .*config.ini:3: undo: C-z cannot be used' "$dir/out" && grep -q '^ *pause *= Space$' "$dir/out"
ok $? "wrong settings are told by saddle info, which does not fail of them"
rm "$dir/saddle/config.ini"
found=$(sed -n '/F1 to F12/,/^\./p' "$dir/man") && echo "$found" | grep -q 'PgUp' && echo "$found" | grep -q 'S-Left'
ok $? "the manual lists the names of keys"

if command -v bash > /dev/null; then
    found=$(bash -n "$dir/bash" 2>&1) && found=$(bash -c '. "$1"
        try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _saddle 2> /dev/null; echo "${COMPREPLY[*]}"; }
        try saddle tr; try saddle --pal; try saddle train --rec; try saddle --palette li
        try saddle train --set learning' \
        bash "$dir/bash") && [ "$found" = "train
--palette
--recipe
light
learning_rate=" ]
    ok $? "bash completes commands, options, choices and knobs"
    found=$(cd "$dir" && bash -c '. "$1"
        try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _saddle 2> /dev/null; echo "${COMPREPLY[*]}"; }
        try saddle data ""; try saddle data imp; try saddle data info kno; try saddle race --surface ros
        try saddle race --surface = ros; try saddle race --surface =; try saddle race --optimizer ad
        try saddle race --schedule cos; try saddle train --set optimizer = nad; try saddle train --set optimizer =
        try saddle train --set = loss = m; try saddle --set nesterov = o; try saddle --set optim
        try saddle train --set = optim; try saddle train --seed ""; try saddle train --set lr = ""
        try saddle train --set optimizer = n --set loss = m' \
        bash "$dir/bash") && [ "$found" = "info import confusion
import
knobs
rosenbrock
rosenbrock
$("$SADDLE" race --list | sed -n 's/^\([a-z0-9_-]*\)  *.*/\1/p' | tr '\n' ' ' | sed 's/ $//')
adagrad adam adamw adagrad_rms adadelta adamax
cosine cosine_warm_restarts
nadam
sgd adagrad rmsprop adam adamw adagrad_rms adadelta adamax nadam radam rprop asgd lion lbfgs schedule-free-adamw schedule-free-sgd prodigy perturbed saddle-free muon soap
mse_softmax mse_logits
on off
optimizer=
optimizer=


mse_softmax mse_logits" ]
    ok $? "and verbs, surfaces, optimizers and the choices of knobs, with words cut at ="
else
    skip "no bash"
fi

# What a shell makes of a line typed with Tab: the arguments, one a line. `saddle` is a function that writes them down.
mkdir "$dir/typed" && : > "$dir/typed/own recipe.ini" && : > "$dir/typed/other.ini" && mkdir "$dir/functions" &&
    cp "$dir/zsh" "$dir/functions/_saddle"
typed() { # shell, what it runs first, keys, the arguments expected
    rm -f "$dir/arguments"
    printf '%s\nsaddle %b\nexit\n' "$2" "$3" | (cd "$dir/typed" && HOME=$dir timeout 20 script -qec "$1" /dev/null) > "$dir/screen" 2>&1
    found=$(cat "$dir/screen" "$dir/arguments" 2>&1)
    [ "$(tr '\n' '|' < "$dir/arguments" 2> /dev/null)" = "$4" ]
}
bash_begin="saddle() { printf '%s\\n' \"\$@\" > '$dir/arguments'; }; . '$dir/bash'"
zsh_begin="fpath=('$dir/functions' \$fpath); autoload -Uz compinit; compinit -u -D; saddle() { print -rl -- \$@ > '$dir/arguments' }"
try_typed() { # shell, command that starts it, first line
    if command -v "$1" > /dev/null && command -v script > /dev/null; then
        typed "$2" "$3" 'train --recipe own\t' 'train|--recipe|own recipe.ini|'
        ok $? "$1: a file with a space after --recipe"
        typed "$2" "$3" 'train --recipe own\\ \t' 'train|--recipe|own recipe.ini|'
        ok $? "$1: a name typed as far as its space"
        typed "$2" "$3" 'train --recipe simp\t' 'train|--recipe|simple|'
        ok $? "$1: a recipe's name after --recipe"
        typed "$2" "$3" 'eval --data sam\t' 'eval|--data|sample|'
        ok $? "$1: sample after --data"
        typed "$2" "$3" 'help lands\t' 'help|landscape|'
        ok $? "$1: a command after help"
    else
        skip "no $1, or no script"
    fi
}
try_typed bash 'bash --norc --noprofile -i' "$bash_begin"
try_typed zsh 'zsh -f -i' "$zsh_begin"
if command -v fish > /dev/null; then
    completed() { (cd "$dir/typed" && HOME=$dir fish --no-config -c "source '$dir/fish'; complete -C '$1'") | cut -f 1 | tr '\n' '|'; }
    found=$(completed 'saddle train --recipe o') && [ "$found" = 'other.ini|own recipe.ini|' ]
    ok $? "fish: files after --recipe, with their spaces"
    found=$(completed 'saddle train --recipe simp') && [ "$found" = 'simple|' ]
    ok $? "fish: a recipe's name after --recipe"
    found=$(completed 'saddle eval --data sam') && [ "$found" = 'sample|' ]
    ok $? "fish: sample after --data"
    found=$(completed 'saddle help lands') && [ "$found" = 'landscape|' ]
    ok $? "fish: a command after help"
else
    skip "no fish"
fi
for shell in zsh fish; do
    if command -v $shell > /dev/null; then
        found=$($shell -n "$dir/$shell" 2>&1)
        ok $? "$shell reads its own"
    else
        skip "no $shell"
    fi
done
if command -v groff > /dev/null; then
    found=$("$SADDLE" --generate man | groff -Kutf8 -man -Tutf8 -ww -z 2>&1)
    [ -z "$found" ]
    ok $? "the manual is good roff"
else
    skip "no groff"
fi
sed -n '/^; own.ini/,/^\.fi/{/^\.fi/!p;}' "$dir/man" > "$dir/own.ini"
grep -q 'batch_size = 512' "$dir/own.ini" &&
    "$SADDLE" train --recipe "$dir/own.ini" --steps 1 --data "$top/datasets/phones.safetensors" > "$dir/out" 2>&1
ok $? "the recipe in the manual is one"
sed -n '/^; plan.ini/,/^\.fi/{/^\.fi/!p;}' "$dir/man" > "$dir/plan.ini"
"$SADDLE" sweep list-jobs "$dir/plan.ini" > "$dir/out" 2>&1
[ $? -eq 0 ] && found=$(tail -n 1 "$dir/out") && [ "$found" = "23  medium, learning_rate=0.001, seed 2, fold 3 of 3" ]
ok $? "and so is the plan"
(cd "$top/datasets/recipes" && ls) | sed 's/\.ini$//' > "$dir/recipes"
"$SADDLE" train --help > "$dir/help"
found=$(for kind in help bash zsh fish; do missing "$dir/$kind" < "$dir/recipes"; done)
[ -z "$found" ]
ok $? "help and completions know every recipe"
while read -r c; do
    for asked in "$c -h" "$c --help" "help $c"; do
        # shellcheck disable=SC2086
        "$SADDLE" $asked > "$dir/out" 2>&1 && grep -q "^Usage: saddle .*$c" "$dir/out" || echo "saddle $asked"
    done
    for asked in "$c -V" "$c --version"; do
        # shellcheck disable=SC2086
        "$SADDLE" $asked 2>&1 | grep -q '^saddle [0-9.]*$' || echo "saddle $asked"
    done
done < "$dir/commands" > "$dir/wrong"
found=$(cat "$dir/wrong") && [ -z "$found" ]
ok $? "-h, -V and help COMMAND work in every command"
[ "$("$SADDLE" -V)" = "$("$SADDLE" --version)" ] && [ "$("$SADDLE" -h)" = "$("$SADDLE" help)" ] &&
    [ "$("$SADDLE" --help)" = "$("$SADDLE" help)" ]
ok $? "and without one"
"$SADDLE" help nothing > "$dir/out" 2>&1
[ $? -eq 2 ] && found=$(cat "$dir/out") && grep -q 'unknown command "nothing"' "$dir/out"
ok $? "help for a command that is not there"
while IFS='|' read -r words meant; do
    # shellcheck disable=SC2086
    "$SADDLE" $words > "$dir/out" 2>&1 || grep -q -- "; did you mean \"$meant\"?$" "$dir/out" || echo "$words: $(cat "$dir/out")"
    [ -s "$dir/out" ] || echo "$words: silence"
done > "$dir/wrong" << EOF
trian|train
help landscap|landscape
train --reciep quick|--recipe
train --setp=3|--set
--colurs 8|--colors
train --recipe quik|quick
train --set optimizr=adam|optimizer
train --set optimizer=adma|adam
race --surface chian --optimizer sgd|chain
race --surface chain --optimizer muno|muon
EOF
found=$(cat "$dir/wrong") && [ -z "$found" ]
ok $? "misspelt commands, options, settings and choices suggest what was meant"
[ "$("$SADDLE" help help | sed -n 1p)" = "Usage: saddle help [COMMAND]" ] &&
    found=$(sed -n '/verbs = "lab/s/.*"\(.*\)".*/\1/p' "$top/tui/cli/help.c") &&
    [ "$found help" = "$(tr '\n' ' ' < "$dir/commands" | sed 's/ $//')" ]
ok $? "help completes every command"
if command -v strings > /dev/null; then
    built=$(cd "${builddir:-.}" && pwd -P) source=$(cd "$top" && pwd -P)
    found=$(strings -a "$SADDLE" | grep -F -e "$built" -e "$source" | head -n 5)
    [ -z "$found" ] && found=$("$SADDLE" info | grep -F -e "$built" -e "$source" | grep -v '^data ') ; [ -z "$found" ]
    ok $? "the program holds no path of its build tree"
else
    skip "no strings"
fi
mkdir -p "$dir/moved/bin" "$dir/moved/share" && cp "$SADDLE" "$dir/moved/bin/" && cp -r "$top/datasets" "$dir/moved/share/saddle" && chmod -R u+w "$dir/moved" &&
    found=$("$dir/moved/bin/saddle" info | sed -n 's/^data  *//p') && [ "$found" = "$(cd "$dir/moved/share/saddle" && pwd -P)" ]
ok $? "a moved program finds the data that moved with it"
found=$("$SADDLE" --help | grep -E '^  [a-z]+  +[A-Z]')
[ -z "$found" ]
ok $? "summaries begin alike"
"$SADDLE" --generate soap > "$dir/out" 2>&1
[ $? -eq 2 ]
ok $? "nothing else is generated"
echo "1..$n"
