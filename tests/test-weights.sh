#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle import-weights and export-weights: PyTorch's state dicts in, ONNX out.
. "${srcdir:-.}"/tests/begin.sh
tools=${srcdir:-.}/tests
import() { "$SADDLE" import-weights "$@"; }
# refused CODE WORDS ARGUMENT…: that exit code and one sentence that says so; nothing is written
refused() {
    code=$1 words=$2
    shift 2
    import "$@" -o "$dir/none" > "$dir/out" 2> "$dir/err"
    [ $? -eq "$code" ] && [ ! -s "$dir/out" ] && [ ! -e "$dir/none" ] && [ "$(wc -l < "$dir/err")" -eq 1 ] &&
        grep -q -- "$words" "$dir/err"
    ok $? "exit $code: $words"
}
same="--set context=1 --set"
net="network=linear 8 relu x2 | linear 41"
if command -v python3 > /dev/null; then
    for kind in mlp nested evil short; do python3 "$tools/state-dict.py" "$dir/$kind.pt" $kind || echo "# $kind"; done
    # shellcheck disable=SC2086
    import "$dir/mlp.pt" -o "$dir/c" $same "$net" --json > "$dir/out" &&
        grep -q '"tensors":6,"parameters":761' "$dir/out" && "$SADDLE" eval --checkpoint "$dir/c" > /dev/null
    ok $? "a state dict becomes a checkpoint that can be evaluated"
    python3 - "$dir/c" << 'END'
import json, struct, sys
raw = open(sys.argv[1], "rb").read()
size = struct.unpack("<Q", raw[:8])[0]
head = json.loads(raw[8:8 + size])
def tensor(name):
    begin, end = head[name]["data_offsets"]
    return struct.unpack("<%df" % ((end - begin) // 4), raw[8 + size + begin:8 + size + end])
assert tensor("layers.0.weight")[:20] == tuple((i % 17 - 8) / 16 for i in range(20))
assert tensor("layers.0.bias") == tuple(((3 + i) % 17 - 8) / 16 for i in range(8))
assert tensor("layers.2.weight") == tuple((4 + column * 8 + row) / 64 for row in range(8) for column in range(8))
assert tensor("layers.2.bias") == tuple(((5 + i) % 17 - 8) / 16 for i in range(8))
assert tensor("layers.4.bias") == tuple(((1 + i) % 17 - 8) / 16 for i in range(41))
END
    ok $? "every number is at its place: other types, offsets and strides too"
    # shellcheck disable=SC2086
    {
        refused 3 'nothing fits layers.0.weight \[9, 39\] of the network; the next tensor is fc.0.block.0.weight \[8, 39\]' \
            "$dir/mlp.pt" $same "network=linear 9 relu | linear 41"
        refused 3 'has no place for fc.1.block.0.weight' "$dir/mlp.pt" $same "network=linear 8 relu | linear 41"
        refused 3 'nothing fits layers.4.weight .8, 8. of the network; the next tensor is fc.2.weight' "$dir/mlp.pt" $same "network=linear 8 relu x3 | linear 41"
        refused 3 'holds no tensors by name' "$dir/nested.pt" $same "$net"
        refused 3 'it was not executed' "$dir/evil.pt" $same "$net"
        refused 3 'fc.0.block.0.weight leaves its storage of 100 elements' "$dir/short.pt" $same "$net"
    }
else
    skip "no python3"
fi
refused 2 'the file of weights is missing'
"$SADDLE" train --set context=3 --set "network=linear 8 bn relu | linear 41" --steps 3 --checkpoint "$dir/own" > /dev/null &&
    import "$dir/own" -o "$dir/again" --set context=3 --set "network=linear 8 bn relu | linear 41" > /dev/null &&
    [ "$("$SADDLE" eval --checkpoint "$dir/own")" = "$("$SADDLE" eval --checkpoint "$dir/again")" ]
ok $? "a checkpoint's weights can be taken into another run"
[ -e "$dir/c" ] || echo text > "$dir/c"
"$SADDLE" import-weights "$dir/c" -o "$dir/c" 2> "$dir/err"
[ $? -eq 2 ] && grep -q 'is also an input' "$dir/err"
ok $? "a file is not replaced by what is made of it"

if /usr/bin/python3 -c 'import numpy, onnx' 2> /dev/null; then
    for net in "linear 24 leaky_relu=.1 bn dropout | linear 16 gelu ln | linear 16 elu | linear 16 silu | linear 41" \
        "lstm 12x2 bi | center | linear 16 bn tanh | linear 41" "gru 12 | last | linear 41" \
        "rnn 12 | bn | linear 16 sigmoid | last | linear 41"; do
        "$SADDLE" train --set context=5 --set "network=$net" --steps 60 --checkpoint "$dir/n" > "$dir/out" &&
            "$SADDLE" export-weights --checkpoint "$dir/n" -o "$dir/n.onnx" > /dev/null &&
            /usr/bin/python3 "$tools/onnx-eval.py" "$dir/n.onnx" "$tools/../datasets/phones.safetensors" 5 > "$dir/theirs" &&
            "$SADDLE" eval --checkpoint "$dir/n" --split test --json | tr '{,:}' '    ' > "$dir/ours" &&
            cat "$dir/theirs" "$dir/ours" | awk 'NR == 1 { l = $1; a = $2 }
                NR == 2 { exit !(($4 - l) ^ 2 < 1e-10 && ($6 - a) ^ 2 < 1e-7) }'
        ok $? "ONNX computes the same: $net"
    done
else
    skip "no numpy and onnx for python3"
fi
"$SADDLE" export-weights --checkpoint "$dir/own" -o "$dir/own" 2> "$dir/err"
[ $? -eq 2 ] && grep -q 'is also an input' "$dir/err"
ok $? "a checkpoint is not replaced by its export"
echo "1..$n"
