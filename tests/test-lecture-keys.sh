#!/bin/sh
# SPDX-License-Identifier: MIT
# What the lecture shows of diagnosis, batches, losses, theory and the homework is at most six keys away, at 80x24. A typed
# command counts as three: the colon, its text, Enter.
. "${srcdir:-.}"/tests/begin.sh

# shows KEYS TEXT NAME: the script KEYS, without its waits, is at most six keys, and the screen says TEXT after it.
shows() {
    keys=$(printf '%s' "$1" | sed 's/<wait [^>]*>//g; s/:[^<]*<Enter>/abc/g; s/<[A-Z][a-z]*>/k/g')
    "$SADDLE" --dump-screen "80x24" --recipe simple --set shards=2 --script "$1" > "$dir/screen" 2>&1
    found="${#keys} keys: $(cat "$dir/screen")"
    [ "${#keys}" -le 6 ] && grep -qE -e "$2" "$dir/screen"
    ok $? "$3: ${#keys} keys"
}

# ---- the diagnosis tree ----
shows '<wait 20 steps>5t<wait measure>' 't trains a shallower network' "the tree measures what it needs"
shows '<wait 20 steps>5t<wait measure>t<wait 2 steps>' 'A‖.*B.*‖' "and trains a shallower network beside the run"
shows '<wait 20 steps>5<Enter><wait measure>' 'unheard  ' "training loss, validation and unheard voices in numbers"
shows '<wait 20 steps>5c' 'more weight decay' "cures: dropout, weight decay, augmentation, early stopping, fewer parameters, data"
shows '<wait 20 steps>5c<Down><Down><Enter><wait 2 steps>' '\[B\]' "one of them as a fork"
shows '0<Down><Down><Down><Down><Enter>' 'Cross validation' "cross validation, and choosing by the test set"

# ---- batch and momentum ----
shows '7' 'MNIST  .982 .991 .992 .985 .955 .838' "MNIST's accuracies by batch size"
shows '7' 'CIFAR   .58  .56  .44  .43  .40  .30' "and CIFAR's"
shows '7<Tab><Tab><Tab>z' 'F2.*64.02.*59.45' "Keskar's table"
shows '7<Enter><wait task>' '65,536 +[0-9]' "times of an update and of an epoch"
shows '<wait 20 steps>7s<wait 3 steps>' 'run, batch   B, 64       C, 4,096' "small against large"
shows '<wait 20 steps>F5<wait 2 steps>' 'comparing momentum' "with and without momentum"

# ---- the pictures of surfaces ----
shows '4' 'chain of two weights' "a saddle between two minima: the chain"
shows '4s' 'a line through ten points' "the elongated valley"
shows '4ss' 'a flat and a sharp minimum' "a flat and a sharp minimum"

# ---- losses ----
shows '6' '40,720 +23 ' "from (-7, 5) MSE takes 40,720 steps, cross-entropy 23"
shows '6' '3\.476e-5 +1\.414' "with gradients of 3.5e-5 and 1.414"
shows '6o' '1\.166e-8 +1\.414' "from (-10, 10) they are 1.17e-8 and 1.414"
shows '6oo' 'gradient.* 0\.707 +0\.707 ' "at (0, 0) both are .7071"
shows '6ooo' 'softmax +0\.88 0\.12 0' "the softmax of (3, 1, -3)"
shows '<wait 5 steps>6x<wait 2 steps>' 'comparing MSE . cross-entropy' "both losses from these weights"

# ---- why a training set can be bad ----
shows '8<wait task>' 'P\(bad\) ≤ +0\.908' "|H| = 10,000, N = 500: the bound is .908"
shows '8<wait task>--<wait task>' 'P\(bad\) ≤ +2,707, vacuous' "N = 100: 2706.7, no probability"
shows '8<wait task>+<wait task>' 'P\(bad\) ≤ +4\.122e-5' "N = 1,000: 4.12e-5"
shows '8<wait task>' 'N needed +610\.3 for' "and the N needed"

# ---- the homework ----
shows ':recipe strong<Enter>' 'restarted: recipe strong' "a level's recipe"
shows '<wait 20 steps>F8' 'comparing shallow . deep' "6 x 1024 against 2 x 1700"
shows '<wait 20 steps>F7<wait 2 steps>' 'comparing dropout' "with and without dropout"
shows '<wait 20 steps>9<Enter><wait task>' 'simple +0\.4580' "how far the next baseline is"
shows '<wait 20 steps>9<Enter><wait task><Tab><Tab><Tab>' 'accuracy by class' "accuracy by class"
shows '<wait 20 steps>9<Enter><wait task><Tab><Tab><Tab><Tab>' 'accuracy by position' "and by position"
echo "1..$n"
