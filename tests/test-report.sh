#!/bin/sh
# SPDX-License-Identifier: MIT
# What leaves the store: saddle report, and saddle runs export for TensorBoard and as a picture.
. "${srcdir:-.}"/tests/begin.sh
tools=${srcdir:-.}/tests
net="network=linear 8 relu | linear 41"
cd "$dir" || exit 1
case $SADDLE in /*) ;; *) SADDLE=$OLDPWD/$SADDLE ;; esac
case $tools in /*) ;; *) tools=$OLDPWD/$tools ;; esac

"$SADDLE" train --set context=1 --set "$net" --set eval_every=20 --steps 60 --checkpoint "$dir/a" > /dev/null &&
    printf 'step 20\nwait\nset lr 1e-2\nstep 30\nwait\nprobe\nwait\nquit\n' |
    "$SADDLE" --plain --paused --set context=1 --set "$net" --set probe_frames=64 --checkpoint "$dir/b" > /dev/null
"$SADDLE" runs rename quick-2 'a|b</script>' && "$SADDLE" runs note quick-1 '<b>bold</b>' > /dev/null
"$SADDLE" report quick-1 'a|b</script>' -o r.html > out && grep -q r.html out
ok $? "a report of two runs"
grep -q '&lt;b&gt;bold' r.html && ! grep -q '<b>bold' r.html && ! grep -q 'b</script>' r.html &&
    [ "$(grep -o '<path class="curve training"' r.html | wc -l)" -eq 8 ] && ! grep -Eq 'https?://|src=|@import|url\(' r.html
ok $? "names and notes are text, curves are there, nothing is loaded"
"$SADDLE" report 'a|b</script>' -o r.md --md > /dev/null && sed -n '/^    saddle session/,/^$/s/^    //p' r.md > session.txt &&
    sum=$(sed -n 's/.*ends with the checksum `\([0-9a-f]*\)`.*/\1/p' r.md) && [ -n "$sum" ] &&
    "$SADDLE" replay session.txt --json 2> /dev/null | grep -q "\"step\":50,\"checksum\":\"$sum\""
ok $? "the session of a report, with an edit and a probe, is replayed to its checksum"
python3 - r.html "$sum" << 'END' 2> /dev/null || [ -z "$(command -v python3)" ]
import html, re, sys
text = html.unescape(re.search(r'<pre id="session-1">(.*?)</pre>', open(sys.argv[1]).read(), re.S).group(1))
assert text.startswith('saddle session 1\n') and text.rstrip('\n').endswith('A end ' + sys.argv[2])
assert open('session.txt').read().rstrip('\n') == text.rstrip('\n')
END
ok $? "the page has the same session, line by line"
grep -q '<tr class="difference"><th>' r.html && "$SADDLE" report quick-1 quick-1 -o twice.html 2> err
[ $? -eq 2 ] && grep -q 'named twice' err && "$SADDLE" report quick-1 -o r3.md > /dev/null && head -n 1 r3.md | grep -q '^# quick-1'
ok $? "settings that differ are told; a run is named once; FILE.md is Markdown"
grep -q '^| 20 | learning\\_rate |' r.md && grep -q '^### Probes' r.md
ok $? "edits and probes are told"
cp "$tools/../datasets/phones.safetensors" own.safetensors &&
    "$SADDLE" train --data own.safetensors --set context=1 --set "$net" --steps 5 --checkpoint c > /dev/null &&
    "$SADDLE" runs list | awk 'NR == 2 { print $1 }' > name && "$SADDLE" report "$(cat name)" -o own.md > /dev/null &&
    sed -n '/^    saddle session/,/^$/s/^    //p' own.md > own.txt &&
    sum=$(sed -n 's/.*ends with the checksum `\([0-9a-f]*\)`.*/\1/p' own.md) && [ -n "$sum" ] &&
    "$SADDLE" replay own.txt --json 2> /dev/null | grep -q "\"checksum\":\"$sum\""
ok $? "so is that of a run on data of one's own"
(
    XDG_DATA_HOME=$dir/kinds XDG_STATE_HOME=$dir/kinds
    printf 'step 5\nwait\nfork\nset loss mse_softmax\nstep 5\nwait\nquit\n' | "$SADDLE" --plain --paused --set "$net" --set context=1 > /dev/null 2>&1
    "$SADDLE" runs compare quick-1 quick-2 > losses && "$SADDLE" report quick-1 quick-2 -o losses.md > /dev/null && "$SADDLE" report quick-1 quick-2 -o losses.html > /dev/null &&
        "$SADDLE" report quick-1 -o one.md > /dev/null
)
found=$(cat losses) && grep -q '^loss  *cross_entropy  *cross_entropy → mse.* (5)' losses && grep -q '^their losses are of different kinds' losses &&
    grep -q '^| loss | cross.*entropy | cross.*entropy → mse.* (5) |$' losses.md && grep -q '^Losses of different kinds do not compare' losses.md &&
    grep -q 'Losses of different kinds do not compare' losses.html && ! grep -q 'do not compare' one.md r.md r.html
ok $? "a setting changed in a fork differs, and losses of two kinds are not compared in silence"
found=
# Runs side by side: a fork in which an edit is undone and another made, one of that, and one that began with weights of the first.
(
    XDG_DATA_HOME=$dir/side XDG_STATE_HOME=$dir/side
    printf 'step 20\nwait\nset lr 2e-3\nstep 10\nwait\nsave %s/sA\nfork\nundo\nset dropout .4\nstep 5\nwait\nfork\nset optimizer sgd\nset lr .05\nstep 7\nwait\nsave %s/sC\nrun B\nsave %s/sB\nrun A\ncompare depth\nstep 3\nwait\nsave %s/sD\nquit\n' "$dir" "$dir" "$dir" "$dir" |
        "$SADDLE" --plain --paused --set "$net" --set context=1 > side.out 2> side.e
    for i in 2 3; do
        "$SADDLE" report quick-$i -o side-$i.md > /dev/null && sed -n '/^    saddle session/,/^$/s/^    //p' side-$i.md > side-$i.txt &&
            sum=$(sed -n 's/.*ends with the checksum `\([0-9a-f]*\)`.*/\1/p' side-$i.md) && [ -n "$sum" ] &&
            "$SADDLE" replay side-$i.txt --json 2>> side.e | grep -q "\"checksum\":\"$sum\"" || exit 1
    done
    "$SADDLE" report quick-4 -o side-4.md > /dev/null && grep -q 'it began with weights of another run; in the lab, :session' side-4.md
)
status=$?
found=$(cat side.out side.e)
ok $status "forks are made again from their reports; a run that began with weights of another says so"
found=
echo thesis > text
"$SADDLE" report quick-1 -o text 2> err
[ $? -eq 2 ] && grep -q 'not a report' err && [ "$(cat text)" = thesis ]
ok $? "another file is not replaced"
"$SADDLE" report nobody -o n.html 2> err
[ $? -eq 2 ] && grep -q nobody err && [ ! -e n.html ]
ok $? "an unknown run is refused, and nothing is written"
rm -f "$dir/a" && "$SADDLE" report quick-1 -o r2.html > /dev/null && grep -q 'none of its checkpoints is left' r2.html
ok $? "a report without a checkpoint says why it cannot be replayed"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -n "$browser" ]; then
    # The page as it is, then what happens when the pointer moves and a box is cleared, told by a script at its end.
    { cat r.html && cat << 'END'; } > probe.html
<script>
window.onerror = m => { document.body.dataset.error = m };
const plot = document.querySelector('#loss svg'), box = plot.getBoundingClientRect();
plot.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + box.width / 2, clientY: box.top + 20}));
document.body.dataset.cross = document.querySelector('#loss output').textContent;
document.querySelector('input[data-run="0"]').click();
document.body.dataset.hidden = [...document.querySelectorAll('#loss path.curve')].filter(c => c.style.display === 'none').length;
document.body.dataset.wide = document.querySelector('#loss path.curve:not([style*="none"])').getBoundingClientRect().width > 100;
</script>
END
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$dir/profile" --enable-logging=stderr \
        --dump-dom "file://$dir/probe.html" > dom 2> log
    body=$(grep -o '<body[^>]*>' dom)
    found=$body
    ! grep -q 'CONSOLE.*\(Uncaught\|Error\)' log && ! echo "$body" | grep -q data-error &&
        echo "$body" | grep -q 'data-cross="step [0-9]*   quick-1 training [0-9.]*   quick-1 validation [0-9.]*   a|b' &&
        echo "$body" | grep -q 'data-hidden="2"' && echo "$body" | grep -q 'data-wide="true"'
    ok $? "in a browser the curves are drawn, the cross-hair reads them, and a run can be hidden"
    found=
else
    skip "no Chromium"
fi

if command -v python3 > /dev/null; then
    "$SADDLE" runs export 'a|b</script>' --tensorboard -o tb > out && file=$(cat out) && [ -f "$file" ] &&
        case $file in "tb/a|b<_script>/events.out.tfevents."*) true ;; *) false ;; esac &&
        python3 "$tools/event-file.py" "$file" > events && grep -q '^version brain.Event:2$' events &&
        [ "$(grep -c ' loss/train  ' events)" -eq 50 ] && grep -q '^20 edits text learning_rate: .*→ 0.01$' events &&
        grep -q '^hparam batch_size 512.0$' events && grep -q '^hparam optimizer adamw$' events &&
        grep -q ' curvature/lambda_max  ' events && grep -q '^0 _hparams_/session_end_info hparams' events
    ok $? "TensorBoard's event files hold scalars, edits and settings, each record with its checksums"
    "$SADDLE" runs export 'a|b</script>' --csv | awk -F, 'NR > 1 { printf "%d loss/train %.6g\n", $1, $3 }' > ours
    awk '$2 == "loss/train" { printf "%d %s %.6g\n", $1, $2, $3 }' events | cmp -s - ours
    ok $? "they say what the store says"
    "$SADDLE" runs export quick-1 --svg -o q.svg && python3 -c 'import sys, xml.dom.minidom as m
m.parse(sys.argv[1])' q.svg && grep -q data-name q.svg
    ok $? "a picture of the loss"
else
    skip "no python3"
fi
"$SADDLE" runs export quick-1 --svg --csv 2> err
[ $? -eq 2 ] && grep -q 'exclude each other' err
ok $? "one format at a time"
echo "1..$n"
