#!/bin/sh
# SPDX-License-Identifier: MIT
# saddle race, as a user calls it.
. "${srcdir:-.}"/tests/begin.sh
race() { "$SADDLE" race "$@" > "$dir/out" 2> "$dir/err"; }
has() { grep -q -- "$2" "$dir/$1"; }
lines() { [ "$(wc -l < "$dir/$1")" -eq "$2" ]; }
# refused WORDS ARGUMENT…: usage error, one sentence that says so, nothing else
refused() {
    words=$1
    shift
    race "$@"
    [ $? -eq 2 ] && [ ! -s "$dir/out" ] && lines err 1 && has err "$words"
    ok $? "refused: $words"
}

race --surface chain --optimizer sgd:lr=.05 --start .001,.001 --until 'loss<.01' --json &&
    lines out 1 && has out '^{"optimizer":"sgd","steps":83,"theta":\[0\.9[0-9]*,0\.9[0-9]*\],"loss":0\.00[0-9]*,'
ok $? "the chain is left in 83 steps, one line of JSON"
has out '"eigenvalues":\[[-0-9.e]*,[0-9.]*\],"stability_limit":0\.[0-9]*,"stopped":"until"}$'
ok $? "with the curvature where it stands"
race --surface=regression --optimizer=sgd:lr=1e-7 --steps=100000 --json &&
    has out '"steps":100000,"theta":\[-123\.69[0-9]*,2\.48[23][0-9]*\]' && has out '"stability_limit":1\.14[0-9]*e-6'
ok $? "the short segment of the regression"
race --surface softmax_mse --optimizer sgd:lr=.5 --start -7,5 --until 'loss<.02' --steps 50000 --json &&
    has out '"steps":40720,'
ok $? "squared error needs 40720 steps"

race --surface crescent --optimizer sgd:lr=.005 --optimizer sgd:lr=.005,momentum=.9,nesterov=on --optimizer \
    adam:lr=.05,beta2=.9 --schedule cosine:T_max=200 --steps 200 --noise .1 --seed 3 --json && lines out 3
ok $? "three racers, three lines"
cp "$dir/out" "$dir/once"
race --schedule constant --surface crescent --optimizer sgd:lr=.005 --optimizer sgd:lr=.005,momentum=.9,nesterov=on \
    --optimizer adam:lr=.05,beta2=.9 --schedule cosine:T_max=200 --steps 200 --noise .1 --seed 3 --json &&
    cmp -s "$dir/once" "$dir/out"
ok $? "the same bits again; a schedule belongs to the optimizer before it"
at_the_saddle() { # optimizer, steps
    race --surface chain --optimizer "$1" --start 1e-9,1e-9 --until 'loss<.01' --json && has out "\"steps\":$2,.*until"
    ok $? "from 1e-9 beside the saddle, $1 takes $2 steps"
}
at_the_saddle saddle-free:damping=.01 35
at_the_saddle sgd:lr=.05 228
race --surface chain --optimizer perturbed:lr=.05 --optimizer sgd:lr=.05 --optimizer saddle-free --start 0,0 --until 'loss<.01' \
    --json && has out '"perturbed".*"until"' && has out '"sgd","steps":1000,"theta":\[0.0,0.0\]' &&
    has out '"saddle-free","steps":1000,"theta":\[0.0,0.0\]'
ok $? "at the saddle itself only the perturbed one leaves"
cp "$dir/out" "$dir/once"
race --surface chain --optimizer perturbed:lr=.05 --optimizer sgd:lr=.05 --optimizer saddle-free --start 0,0 --until 'loss<.01' \
    --json && cmp -s "$dir/once" "$dir/out"
ok $? "and again the same way"
race --surface factorization --optimizer muon:lr=.05 --optimizer soap:lr=.02 --optimizer muon:lr=.05,sam=sam,sam_rho=.01 \
    --until 'loss<.01' --json && [ "$(grep -c '"until"' "$dir/out")" -eq 3 ]
ok $? "Muon, SOAP and SAM on matrices"
race --surface factorization --optimizer soap:lr=.02 --steps 20 --time && has out '^soap  *20 steps  *[0-9.e+-]* us each  loss ' &&
    race --surface chain --optimizer schedule-free-adamw --steps 2 --time --json && has out '"update_microseconds":[0-9.e+-]*,'
ok $? "the time of a step"
race --surface crescent --optimizer sgd:lr=.005 --schedule multistep:milestones=10,20,gamma=.5 --steps 200 &&
    lines out 2 && has out '^sgd .* 200 steps  loss .* at (' && has out '^lowest loss: sgd; eigenvalues there '
ok $? "readable lines"
race --formula '(1 - x*y)^2' --optimizer sgd:lr=.05 --start 1e-3,1e-3 --until 'loss<.01' --json &&
    has out '"steps":83,'
ok $? "a formula typed"
race --surface chain --optimizer sgd:lr=.05 --start 1,1 --until 'gradient<=0' --json && has out '"steps":0,'
ok $? "who is there at the start makes no step"
race --surface crescent --optimizer sgd:lr=.005 --optimizer adam:lr=.05 --steps 300 -o "$dir/F.svg" && lines out 3 &&
    [ "$(grep -c 'class="path" data-name=' "$dir/F.svg")" -eq 2 ] && has F.svg 'data-name="adam"' &&
    has F.svg '>adam, η 0.05</text>' && has F.svg '>sgd, η 5e-3</text>' && has F.svg ' viewBox="0 0 ' &&
    has F.svg 'class="note".*>f(x, y) = .*</text>' &&
    [ "$(grep -c '<g class="axis ' "$dir/F.svg")" -eq 2 ] && has F.svg '<g class="legend"' && has F.svg '</svg>$'
ok $? "the ways as a picture"
race --surface crescent --optimizer sgd:lr=.005 --optimizer adam:lr=.05 --steps 3000 --film "$dir/M.svg" -o "$dir/D.svg" --palette dark &&
    [ "$(grep -c '<g class="racer" data-name=.*<animateMotion ' "$dir/M.svg")" -eq 2 ] && has M.svg 'visibility="visible">step 3,000 of 3,000<' &&
    has M.svg '>step 30 of 3,000<animate ' && has M.svg ' · film: 500 steps a second</text>' && has M.svg 'fill="#14171c"' &&
    ! grep -q '<animate' "$dir/D.svg" && [ "$(wc -c < "$dir/M.svg")" -lt 500000 ]
ok $? "the ways as a film"
if command -v python3 > /dev/null; then
    python3 -c 'import sys, xml.dom.minidom as m
for f in sys.argv[1:]: assert m.parse(f).documentElement.tagName == "svg"' "$dir/F.svg" "$dir/M.svg"
    ok $? "of good XML"
else
    ok 0 "of good XML # SKIP no python3"
fi
race --surface crescent --optimizer sgd -o "$dir/S.svg" --film "$dir/S.svg"
[ $? -eq 2 ] && has err 'name the same file' && [ ! -e "$dir/S.svg" ]
ok $? "a picture and a film in one file are refused"
race --surface crescent --optimizer sgd:lr=.005 --steps 3 -o "$dir/nowhere/F.svg"
[ $? -eq 1 ] && lines err 1 && has err 'nowhere/F.svg'
ok $? "a picture that cannot be written is an error"
race --list && has out '^chain .*f(w1, w2) = (1 − w1 w2)²' && lines out 18
ok $? "the list of surfaces"
race --list --json && has out '^{"surface":"regression",.*"start":\[-120.0,-4.0\]}$'
ok $? "as JSON"

race --surface regression --optimizer sgd:lr=1e-2 --optimizer adam:lr=.1 --json
[ $? -eq 4 ] && lines out 2 && has err 'sgd: step 35 is not applied' && lines err 1 &&
    has out '"sgd",.*"stopped":"diverged"' && has out '"adam","steps":1000,'
ok $? "divergence: exit 4, the racer named, the others go on"

# the stability limit is each optimizer's own: 2/lambda of gradient descent, (2 + 2 momentum)/lambda of heavy ball
race --formula '2*x^2 + y^2/2' --optimizer sgd:lr=.1 --optimizer sgd:lr=.1,momentum=.9 --optimizer \
    sgd:lr=.1,momentum=.9,nesterov=on --optimizer adagrad:lr=.1 --steps 3 --json &&
    [ "$(sed -n 's/.*"stability_limit":\([^,]*\),.*/\1/p' "$dir/out" | head -n 1)" = 0.5 ] &&
    sed -n 's/.*"stability_limit":\([^,]*\),.*/\1/p' "$dir/out" | awk '
        { want[1] = .5; want[2] = .95; want[3] = 3.8 / 2.8 / 4 }
        NR < 4 && ($1 - want[NR]) ^ 2 > 1e-20 { bad = 1 } NR == 4 && $1 != "null" { bad = 1 } END { exit bad || NR != 4 }'
ok $? "the stability limit of each racer is its own optimizer's"
# a bowl of curvature 100 under a weight decay of 5: just below the limit the racer stays, just above it leaves
limit() { race --surface ill_conditioned --optimizer "sgd:weight_decay=5,lr=$1" --steps 20000 --json; }
limit .01904 && has out '"loss":[0-9.]*e-[0-9]*,' && has out '"stability_limit":0.0190476190' && ! limit .0195 && has out '"stopped":"diverged"'
ok $? "weight decay has a part in a racer's stable learning rate"
race --formula 'x^2 + y^2' --optimizer sgd:lr=.1 --start .1,.2 --steps 0 --json && has out '"theta":\[0.10*[0-9]*,0.20*[0-9]*\],"loss":0.05000000000000[0-9]*,'
ok $? "JSON has all digits of a double"

race --surface crescent --optimizer sgd:lr=.005 --optimizer adam:lr=.05 --steps 20 --json --trace "$dir/F.csv" &&
    [ "$(head -n 1 "$dir/F.csv")" = step,racer,x,y,loss ] && [ "$(wc -l < "$dir/F.csv")" -eq 43 ] &&
    [ "$(grep -c '^[0-9]*,adam,' "$dir/F.csv")" -eq 21 ]
ok $? "the trace: every step of every racer, the start among them"
last=$(grep '^20,sgd,' "$dir/F.csv" | sed 's/.*,//')
[ -n "$last" ] && grep '"sgd"' "$dir/out" | grep -q "\"loss\":$last,"
ok $? "its last line is the result, to the last digit"
race --surface chain --optimizer sgd:lr=.05 --start .001,.001 --until 'loss<.01' --trace "$dir/F.csv" &&
    [ "$(tail -n 1 "$dir/F.csv" | cut -d , -f 1)" = 83 ] && [ "$(wc -l < "$dir/F.csv")" -eq 85 ]
ok $? "it ends where the racer stops"
race --surface crescent --optimizer sgd --trace "$dir/nowhere/F.csv"
[ $? -eq 1 ] && lines err 1 && has err 'nowhere/F.csv'
ok $? "a trace that cannot be written is an error"

good="--surface chain --optimizer sgd"
refused 'needs one --surface' --optimizer sgd
refused 'needs one --surface' $good --formula x
refused 'unknown surface "chains"; choose from chain, regression' --surface chains --optimizer sgd
refused 'needs an --optimizer' --surface chain
refused 'there is no "sgdd"; choose from sgd, ' --surface chain --optimizer sgdd
refused 'sgd: learning rate: "x" is not a number' --surface chain --optimizer sgd:lr=x
refused 'sgd: it does not read "beta1"; it reads learning_rate momentum' --surface chain --optimizer sgd:beta1=.9
refused 'expected name=value' --surface chain --optimizer sgd:lr
refused 'momentum: 2 is outside' --surface chain --optimizer sgd:lr=.1,momentum=2
refused 'there is no "cosin"' $good --schedule cosin
refused 'cosine: it does not read "gamma"' $good --schedule cosine:gamma=1
refused '--start 1: chain takes 2 numbers' $good --start 1
refused '--start 1,2,3: chain takes 2 numbers' $good --start 1,2,3
refused '--start nan,1: chain takes 2 numbers' $good --start nan,1
refused '--until z<1: expected loss, gradient, w1 or w2' $good --until 'z<1'
refused '--until loss<: expected' $good --until 'loss<'
refused '--noise -1' $good --noise -1
refused '--steps 1e3: expected a whole number' $good --steps 1e3
refused 'unknown argument "--fast"' $good --fast
refused '--seed needs a value' $good --seed
refused 'not finite at the start' --surface rosenbrock --optimizer sgd --start 1e200,0
refused 'character 5: expected a number, .*, not "\*"' --formula 'x + * y' --optimizer sgd
echo "1..$n"
