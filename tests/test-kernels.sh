#!/bin/sh
# SPDX-License-Identifier: MIT
# The kernels saddle starts with: chosen, a user's own, and never in a circle; parity with every one of them.
. "${srcdir:-.}"/tests/begin.sh
top=${srcdir:-.} built=${builddir:-.}
unset OPENBLAS_CORETYPE OMP_NUM_THREADS SADDLE_KERNELS
parity=$built/tests/parity
products() { sed -n '/^products/,/^[a-oq-z]/p' "$dir/info"; }

"$SADDLE" info > "$dir/info" 2> "$dir/e"
[ $? -eq 0 ] && found=$(products; cat "$dir/e") && [ ! -s "$dir/e" ] &&
    products | grep -q '[0-9][0-9]* of [0-9][0-9]* GFLOP/s'
ok $? "saddle info tells the products' speed beside the peak"
"$parity" --kernels > "$dir/kernels"
best=$(sed -n '1s/ .*//p' "$dir/kernels")
if [ -n "$best" ] && products | grep -q 'chosen'; then
    found=$(products; ls "$dir/saddle") && products | grep -q " $best kernels (chosen: " &&
        grep -q "^kernels $best\$" "$dir"/saddle/kernels-*
    ok $? "the best kernels are chosen and remembered"
    for f in "$dir"/saddle/kernels-*; do echo rubbish > "$f"; done
    "$SADDLE" info > "$dir/info" && found=$(products; cat "$dir"/saddle/kernels-*) &&
        grep -q "^kernels $best\$" "$dir"/saddle/kernels-*
    ok $? "rubbish in the cache is replaced"
    found=$(XDG_CACHE_HOME=/proc "$SADDLE" info 2>&1 | sed -n '/^products/p') && echo "$found" | grep -q " $best kernels"
    ok $? "without a cache they are chosen all the same"
    last=$(sed -n '$s/ .*//p' "$dir/kernels")
    OPENBLAS_CORETYPE=$last "$SADDLE" info > "$dir/info" && found=$(products) &&
        products | grep -q " $last kernels (OPENBLAS_CORETYPE=$last)"
    ok $? "a user's own choice stands"
else
    for i in 1 2 3 4; do skip "OpenBLAS leaves no choice here"; done
fi
for guard in x "chosen" "chosen Nowhere and much more than there is room for in a name" "test no"; do
    SADDLE_KERNELS=$guard "$SADDLE" info > "$dir/info" 2>&1 && found=$(products) && grep -q '^products  *OpenBLAS' "$dir/info"
    ok $? "no circle: SADDLE_KERNELS=$guard"
done

# The sample's first steps: what a checkpoint and its journal say, and what is said when another library goes on.
run() { "$SADDLE" train --data "$top/datasets/phones.safetensors" "$@"; }
run --steps 2 --set products=openblas --checkpoint "$dir/a.safetensors" > /dev/null 2> "$dir/e"
found=$(cat "$dir/e") && [ ! -s "$dir/e" ] && grep -a -q '"products":"OpenBLAS [^"]* kernels"' "$dir/a.safetensors" &&
    grep -a -q '0 0 products_by OpenBLAS' "$dir/a.safetensors"
ok $? "a checkpoint records what computed it"
run --steps 1 --from "$dir/a.safetensors" > /dev/null 2> "$dir/e"
found=$(cat "$dir/e") && [ ! -s "$dir/e" ]
ok $? "the same goes on without a word"
run --steps 1 --set products=blas > /dev/null 2> "$dir/e"
[ $? -eq 2 ] && found=$(cat "$dir/e") && grep -q 'choose from auto, openblas, onednn' "$dir/e"
ok $? "an unknown source is refused"
if grep -q onednn "$dir/kernels"; then
    run --steps 2 --set products=onednn --checkpoint "$dir/b.safetensors" > /dev/null 2> "$dir/e"
    found=$(cat "$dir/e") && [ ! -s "$dir/e" ] && grep -a -q '"products":"OpenBLAS [^"]*; oneDNN [^"]*"' "$dir/b.safetensors"
    ok $? "so it does of oneDNN"
    OMP_NUM_THREADS=7 run --steps 1 --set products=onednn > /dev/null 2> "$dir/e"
    [ $? -eq 0 ] && found=$(cat "$dir/e") && [ ! -s "$dir/e" ]
    ok $? "which has one thread whatever the environment said"
else
    run --steps 1 --set products=onednn > /dev/null 2> "$dir/e"
    [ $? -eq 2 ] && found=$(cat "$dir/e") && grep -q 'built without oneDNN' "$dir/e"
    ok $? "oneDNN is refused where it is not built in"
    skip "no oneDNN"
fi
other=$(sed -n '$s/ .*//p' "$dir/kernels")
if [ -n "$other" ] && [ "$other" != "$best" ]; then
    OPENBLAS_CORETYPE=$other run --steps 1 --from "$dir/a.safetensors" > /dev/null 2> "$dir/e"
    found=$(cat "$dir/e") && grep -q "the checkpoint was computed with OpenBLAS .* $best kernels: bits may differ" "$dir/e"
    ok $? "other kernels are told when a run goes on"
    OPENBLAS_CORETYPE=Prescott run --steps 1 > /dev/null 2> "$dir/e"
    found=$(cat "$dir/e") && [ "$(wc -l < "$dir/e")" -eq 1 ] &&
        grep -q "OPENBLAS_CORETYPE=Prescott: products run at [0-9]* of [0-9]* GFLOP/s; unset it to use $best kernels" "$dir/e"
    ok $? "slow kernels of a user's own choice are told in one line"
    OPENBLAS_CORETYPE=Prescott "$SADDLE" --data "$top/datasets/phones.safetensors" --dump-screen 120x40 \
        --script '<wait 1 steps>' > "$dir/screen" 2> "$dir/e"
    found=$(cat "$dir/screen" "$dir/e") && grep -q "OPENBLAS_CORETYPE=Prescott: products" "$dir/screen" && [ ! -s "$dir/e" ]
    ok $? "and in the lab's log"
else
    for i in 1 2 3; do skip "no other kernels here"; done
fi

while read -r kernels sources; do
    for source in $sources; do
        OPENBLAS_CORETYPE=$kernels OMP_NUM_THREADS=1 "$parity" --products "$source" "$top/tests/cases/parity" > "$dir/out" 2>&1
        [ $? -eq 0 ] && found=$(grep -v '^ok' "$dir/out") && [ "$(grep -c '^ok' "$dir/out")" -ge 144 ]
        ok $? "parity: $kernels kernels, products by $source"
    done
done < "$dir/kernels"
echo "1..$n"
