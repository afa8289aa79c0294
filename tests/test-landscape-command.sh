#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle landscape, as a user calls it: along every kind of direction, to JSON, numbers and pictures.
. "${srcdir:-.}"/tests/begin.sh
has() { grep -q -- "$2" "$dir/$1"; }
# floats FILE NAME: that tensor of single precision, an element a line
floats() {
    size=$(od -A n -t u8 -N 8 "$dir/$1" | tr -d ' ')
    place=$(head -c $((8 + size)) "$dir/$1" | tail -c +9 |
        sed -n \
            "s/.*\"$2\":{\"dtype\":\"F32\",\"shape\":\[[0-9,]*\],\"data_offsets\":\[\([0-9]*\),\([0-9]*\)\]}.*/\1 \2/p")
    [ -n "$place" ] && od -A n -v -w4 -t f4 -j $((8 + size + ${place% *})) -N $((${place#* } - ${place% *})) "$dir/$1"
}
value() { sed -n "s/.*\"$2\":\([^],}]*\).*/\1/p" "$dir/$1"; }
landscape() { "$SADDLE" landscape --checkpoint "$dir/c" --frames 256 "$@"; }
# refused CODE WORDS ARGUMENT…: that exit code, one sentence that says so, nothing else
refused() {
    code=$1 words=$2
    shift 2
    "$SADDLE" landscape "$@" > "$dir/out" 2> "$dir/err"
    [ $? -eq "$code" ] && [ ! -s "$dir/out" ] && [ "$(wc -l < "$dir/err")" -eq 1 ] && has err "$words"
    ok $? "exit $code: $words"
}

run="--set context=3 --set batch_size=128"
# shellcheck disable=SC2086
"$SADDLE" train $run --set network="linear 30 relu bn dropout | linear 41" --seed 7 --steps 20 --checkpoint "$dir/a" \
    > /dev/null &&
    "$SADDLE" train --from "$dir/a" --steps 30 --checkpoint "$dir/b" > /dev/null &&
    "$SADDLE" train --from "$dir/b" --steps 30 --checkpoint "$dir/c" > /dev/null &&
    "$SADDLE" train $run --set network="linear 31 relu bn dropout | linear 41" --steps 1 --checkpoint "$dir/wider" \
        > /dev/null
ok $? "four runs to look at"

for kind in random gradient top ends; do
    landscape --directions $kind --points 5 --json > "$dir/$kind" &&
        has $kind "\"directions\":\"$kind\",\"loss\":[0-9.]*,\"lambda_max\":[0-9.e-]*," &&
        has $kind '"converged":true,"sharpness":[0-9.e-]*,"epsilon":0.001,' &&
        has $kind '"not_finite":0,"axes":\[{.*},{.*}\]}$'
    ok $? "$kind: loss, largest eigenvalue, sharpness and two axes"
done
loss=$(value random loss)
[ -n "$loss" ] && [ "$loss" = "$(value gradient loss)" ] && [ "$loss" = "$(value ends loss)" ]
ok $? "one point, one loss"
has ends '"direction":"bottom eigenvector",.*"eigenvalue":-[0-9.]' && has random '"low":-1.0,"high":1.0,' &&
    has gradient '"slope":[0-9.]'
ok $? "the axes say what they are"
"$SADDLE" probe --checkpoint "$dir/c" --frames 256 --top 1 --json > "$dir/probe"
[ "$(value probe loss | cut -c 1-6)" = "$(printf '%s' "$loss" | cut -c 1-6)" ] &&
    has probe "\"top\":\[$(value ends lambda_max | cut -c 1-4)"
ok $? "loss and largest eigenvalue are those of saddle probe"
landscape --directions random --points 5 --json --threads 1 > "$dir/one" && cmp -s "$dir/one" "$dir/random"
ok $? "the same figures whatever the number of threads"

landscape --and "$dir/a" --points 41 --no-figures --json -o "$dir/line.safetensors" > "$dir/line" &&
    has line '"directions":"line",.*"lambda_max":null,.*"low":-0.5,"high":1.5,.*"other":{"loss":[0-9.]*,'
ok $? "a line to another checkpoint, heights alone"
landscape --and "$dir/a" --points 5 --no-figures -o "$dir/line.svg" > /dev/null &&
    [ "$(sed -n 's/.*class="mark" data-name="\([^"]*\)".*/\1/p' "$dir/line.svg" | sort -u | wc -l)" -eq 2 ] &&
    [ "$(sed -n 's/.*class="mark".*<path transform=.* fill="\(#[0-9a-f]*\)".*/\1/p' "$dir/line.svg" | sort -u | wc -l)" -eq 2 ] &&
    grep -q '<title>.* to a</title>' "$dir/line.svg"
ok $? "the picture of a line names both its ends, each in its own colour"
[ "$(sed 's/"other".*//' "$dir/line" | sed -n 's/.*"loss":\([^,]*\),.*/\1/p')" = "$loss" ]
ok $? "it begins at the same loss"
path='\[-[0-9.]*,[-0-9.]*\],\[[-0-9.]*,[-0-9.]*\],\[-*0.0,-*0.0\]'
landscape --path "$dir/a" --path "$dir/b" --points 9 --no-figures --json -o "$dir/pca.safetensors" > "$dir/pca" &&
    has pca "\"directions\":\"pca\",.*\"variance_share\":0\..*\"variance_share\":0\..*\"path\":\[$path\][,}]"
ok $? "principal components of three checkpoints, their path"
landscape --axes 1 --points 9 --no-figures > "$dir/words" && has words '^x: random direction, -1 to 1' &&
    ! has words '^y:' &&
    has words '^lowest [0-9.]* at ' && has words "c: loss [0-9.]*$"
ok $? "lines to read"

# The safetensors by hand: the header's length, its text, and the middle of the line's heights.
header=$(od -A n -t u8 -N 8 "$dir/line.safetensors" | tr -d ' ')
head -c $((8 + header)) "$dir/line.safetensors" | tail -c +9 > "$dir/header"
has header '"format":"saddle-landscape-1"' && has header '"loss":{"dtype":"F64","shape":\[41\]' &&
    has header '"x":{"dtype":"F64","shape":\[41\]'
ok $? "heights and axis are in the file, with what they are"

# A plane by hand: its directions have the lengths that were printed and are orthogonal; the middle is the checkpoint's.
landscape --directions ends --points 5 --no-figures --json -o "$dir/ends.safetensors" > "$dir/plane" &&
    floats ends.safetensors direction_x > "$dir/u" && floats ends.safetensors direction_y > "$dir/v" &&
    paste "$dir/u" "$dir/v" | awk -v n="$(value plane parameters)" '{ a += $1 * $1; b += $2 * $2; c += $1 * $2 }
        END { exit !(NR == n && (sqrt(a) - 1) ^ 2 < 1e-12 && (sqrt(b) - 1) ^ 2 < 1e-12 && c * c < 1e-12) }'
ok $? "two eigenvectors: an element for each parameter, length 1, orthogonal"
landscape --points 5 --no-figures --json -o "$dir/random.safetensors" > "$dir/plane" &&
    floats random.safetensors direction_x > "$dir/u" && floats random.safetensors direction_y > "$dir/v" &&
    paste "$dir/u" "$dir/v" |
        awk -v lengths="$(sed 's/"length":\([0-9.]*\)/\n\1 \n/g' "$dir/plane" | grep '^[0-9]' | tr -d '\n')" '
        { a += $1 * $1; b += $2 * $2; c += $1 * $2 }
        END { split(lengths, l, " "); exit !(l[1] > 1 && (sqrt(a) / l[1] - 1) ^ 2 < 1e-10 &&
            (sqrt(b) / l[2] - 1) ^ 2 < 1e-10 &&
              c * c < 1e-10 * a * b) }'
ok $? "two random directions: as long as it says, orthogonal"
floats random.safetensors theta > "$dir/theta" && floats c layers.0.weight > "$dir/first" &&
    [ -s "$dir/first" ] && head -n "$(wc -l < "$dir/first")" "$dir/theta" | cmp -s - "$dir/first" &&
    floats c layers.2.running_mean > "$dir/mean" && [ -s "$dir/mean" ] &&
    floats random.safetensors statistics | head -n "$(wc -l < "$dir/mean")" | cmp -s - "$dir/mean" &&
    head -c 4000 "$dir/random.safetensors" |
        grep -qa 'theta_layout":"\[{\\"name\\":\\"layers.0.weight\\",\\"offset\\":0,\\"shape\\":\[30,117\]'
ok $? "the middle is the checkpoint, its layout beside it"
{ floats a layers.0.weight > "$dir/theirs" && floats line.safetensors direction_x > "$dir/step" &&
    paste "$dir/first" "$dir/theirs" "$dir/step"; } |
        awk 'NF == 3 && (n += 1) && ($2 - $1 - $3) ^ 2 > 1e-14 { bad = 1 } END { exit !(n > 1000 && !bad) }'
ok $? "along a line the step is the difference of its ends"

begin=$(sed -n 's/.*"loss":{"dtype":"F64","shape":\[41\],"data_offsets":\[\([0-9]*\),.*/\1/p' "$dir/header")
ten=$(od -A n -t f8 -j $((8 + header + begin + 80)) -N 8 "$dir/line.safetensors" | tr -d ' ')
awk -v a="$ten" -v b="$loss" 'BEGIN { exit !(a != "" && (a - b) ^ 2 < 1e-14) }'
ok $? "the height at 0 is the loss there"
if command -v python3 > /dev/null; then
    python3 - "$dir/pca.safetensors" <<'END'
import json, struct, sys
raw = open(sys.argv[1], "rb").read()
n = struct.unpack("<Q", raw[:8])[0]
head = json.loads(raw[8:8 + n])
def tensor(name):
    t = head[name]
    a, b = t["data_offsets"]
    assert t["dtype"] == "F64"
    return t["shape"], struct.unpack("<%dd" % ((b - a) // 8), raw[8 + n + a:8 + n + b])
meta = head.pop("__metadata__")
(ny, nx), z = tensor("loss")
(_, x), (_, y), (path, _) = tensor("x"), tensor("y"), tensor("path")
assert ny == nx == 9 and path == [3, 2] and 0.0 in x and 0.0 in y
assert z[y.index(0.0) * nx + x.index(0.0)] == float(meta["loss"])
END
    ok $? "python finds the loss at (0, 0)"
else
    skip "no python3"
fi

landscape --path "$dir/a" --path "$dir/b" --points 9 --no-figures -o "$dir/pca.svg" > /dev/null &&
    landscape --and "$dir/a" --points 9 --no-figures -o "$dir/line.svg" --palette dark > /dev/null &&
    has pca.svg 'class="axis x"' && has pca.svg 'class="axis y"' && has pca.svg 'class="path"' &&
    has pca.svg 'class="legend"' && has line.svg 'data-name="loss"'
ok $? "pictures with axes, path, curve and legend"
landscape --path "$dir/a" --path "$dir/b" --points 5 --no-figures --film "$dir/film.svg" > "$dir/out" && has out 'wrote .*film.svg' &&
    [ "$(grep -c '<g class="racer" data-name="path"><animateMotion ' "$dir/film.svg")" -eq 1 ] && has film.svg 'class="note".*film: .* a second<'
ok $? "a path as a film"
if command -v python3 > /dev/null; then
    python3 -c 'import sys, xml.dom.minidom as m
for f in sys.argv[1:]: assert m.parse(f).documentElement.tagName == "svg"' "$dir/pca.svg" "$dir/line.svg"
    ok $? "of good XML"
else
    skip "no python3"
fi

head -c 3000 "$dir/c" > "$dir/cut"
refused 2 'checkpoint FILE is missing'
refused 2 'choose random, gradient, top, ends, line, curve or pca' --checkpoint "$dir/c" --directions up
refused 2 'line needs --and FILE' --checkpoint "$dir/c" --directions line
refused 2 'pca needs --path FILE' --checkpoint "$dir/c" --directions pca
refused 2 '--and FILE can only be used with --directions line' --checkpoint "$dir/c" --directions top --and "$dir/a"
refused 2 'an odd number' --checkpoint "$dir/c" --points 10
refused 2 'from 3 to 401' --checkpoint "$dir/c" --points 1001
refused 2 'a number above 0' --checkpoint "$dir/c" --extent -1
refused 2 'ending in .safetensors or .svg' --checkpoint "$dir/c" -o "$dir/out.png"
refused 2 'it needs --path FILE' --checkpoint "$dir/c" --film "$dir/film.svg"
refused 2 'ending in .svg' --checkpoint "$dir/c" --path "$dir/a" --film "$dir/film"
refused 2 'name the same file' --checkpoint "$dir/c" --path "$dir/a" --film "$dir/film.svg" -o "$dir/film.svg"
refused 3 "$dir/none" --checkpoint "$dir/none"
refused 3 'cut' --checkpoint "$dir/cut"
refused 3 'layers.0.weight' --checkpoint "$dir/c" --and "$dir/wider"
refused 3 'are all the same' --checkpoint "$dir/c" --path "$dir/c" --frames 64
refused 1 "$dir/no" --checkpoint "$dir/c" --points 3 --frames 64 --no-figures -o "$dir/no/where.svg"
echo "1..$n"
