#!/bin/sh
# SPDX-License-Identifier: MIT
# Films in a browser: at three times of each, where its racers are, how much of their ways is drawn, and which step is told.
. "${srcdir:-.}"/tests/begin.sh
cd "$dir" || exit 1

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$browser" ]; then
    skip "no Chromium"
    echo "1..$n"
    exit 0
fi

# What is seen of a film at each time, a line of attributes.
look() { # film
    { echo '<!DOCTYPE html><html><body>' && cat "$1" && cat << 'END'; } > look.html
<script>
window.onerror = m => { document.body.dataset.error = m };
const film = document.querySelector('svg'), ground = film.querySelector('.cells').getBoundingClientRect();
const middle = r => { const b = r.getBoundingClientRect(); return [Math.round(b.left + b.width / 2), Math.round(b.top + b.height / 2)] };
const seen = t => {
    const at = [...film.querySelectorAll('.racer')].map(middle), out = document.createElement('pre');
    out.dataset.inside = at.every(p => p[0] >= ground.left - 6 && p[0] <= ground.right + 6 && p[1] >= ground.top - 6 && p[1] <= ground.bottom + 6);
    out.dataset.racers = at.join(' ');
    out.dataset.count = [...film.querySelectorAll('.count text')].filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent).join('|');
    out.dataset.drawn = [...film.querySelectorAll('path.path')].map(p => Math.round(parseFloat(getComputedStyle(p).strokeDashoffset) * 100)).join(' ');
    document.body.append(out);
};
const show = times => {
    if (!times.length)
        return;
    film.setCurrentTime(times[0]);
    setTimeout(() => { seen(times[0]); show(times.slice(1)) }, 100);
};
film.pauseAnimations();
show([0, 1.5, 9.99]);
</script></body></html>
END
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$dir/profile" --virtual-time-budget=3000 \
        --dump-dom "file://$dir/look.html" 2> log | grep -o '<pre data[^>]*>\|<body[^>]*error[^>]*>'
}
said() { echo "$1" | sed -n "s/.*data-$2=\"\([^\"]*\)\".*/\1/p"; }
different() { [ -n "$1" ] && [ -n "$2" ] && [ "$1" != "$2" ]; }

plays() { # film racers unit
    found=$(look "$1")
    first=$(echo "$found" | sed -n 1p) second=$(echo "$found" | sed -n 2p) last=$(echo "$found" | sed -n 3p)
    ! echo "$found" | grep -q data-error &&
        for body in "$first" "$second" "$last"; do
            [ "$(said "$body" inside)" = true ] && [ "$(said "$body" racers | wc -w)" -eq "$2" ] &&
                echo "$body" | grep -q "data-count=\"$3 [0-9,]* of [0-9,]*\"" || return 1
        done &&
        different "$(said "$first" racers)" "$(said "$second" racers)" && different "$(said "$second" racers)" "$(said "$last" racers)" &&
        different "$(said "$first" count)" "$(said "$second" count)" && different "$(said "$second" count)" "$(said "$last" count)" &&
        different "$(said "$first" drawn)" "$(said "$second" drawn)" && different "$(said "$second" drawn)" "$(said "$last" drawn)"
}

"$SADDLE" race --surface rosenbrock --optimizer sgd:lr=.001 --optimizer adam:lr=.05 --steps 2000 --film race.svg > out &&
    plays race.svg 2 step && [ "$(said "$first" racers | cut -d' ' -f1)" = "$(said "$first" racers | cut -d' ' -f2)" ]
ok $? "a race plays: the racers leave one start, their ways grow behind them, the steps are counted"

for steps in 6 30 60 100; do
    "$SADDLE" train ${before:+--from "$before"} --set network="linear 8 relu | linear 41" --set context=1 --steps $steps \
        --checkpoint c$steps > out || break
    before=c$steps
done
"$SADDLE" landscape --checkpoint c100 --path c6 --path c30 --path c60 --points 7 --frames 64 --no-figures --film path.svg > out &&
    plays path.svg 1 step
ok $? "a path over the landscape plays"
echo "1..$n"
