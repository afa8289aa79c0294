#!/bin/sh
# The rooms of the house: includes and symbols point down only, and the engine neither prints, exits
# nor knows of curses.   core <- math <- {data, net, optim} <- hessian <- {landscape, race} <- run <- trainer <- tui
. "${srcdir:-.}"/tests/begin.sh
top=${srcdir:-.} built=${builddir:-.}

may='core: core
math: core math
data: core math data
net: core math net
optim: core math optim
hessian: core math data net optim hessian
landscape: core math data net optim hessian landscape
race: core math data net optim hessian race
run: core math data net optim hessian landscape race run
trainer: core math data net optim hessian landscape race run trainer'
rooms=$(printf '%s\n' "$may" | sed 's/:.*//')

found=$(for room in $rooms; do
    allowed=$(printf '%s\n' "$may" | sed -n "s/^$room: //p")
    grep -n '^#include "[a-z]*/' "$top"/src/$room/*.[ch] 2>/dev/null | awk -F'"' -v allowed=" $allowed " '
        { split($2, part, "/"); if (!index(allowed, " " part[1] " ")) print $1 $2 }'
done)
[ -z "$found" ]
ok $? "includes point down only"

# every symbol a room defines, and who uses it
found=$({
    for room in $rooms; do
        for o in "$built"/src/$room/*.o; do
            [ -e "$o" ] && nm "$o" | awk -v room=$room -v o="$o" 'NF >= 2 { print room, $(NF - 1), $NF, o }'
        done
    done
} | awk -v may="$may" '
    BEGIN { rows = split(may, row, "\n")
            for (i = 1; i <= rows; i++) { split(row[i], x, ": "); allowed[x[1]] = " " x[2] " " } }
    $2 ~ /^[TDRB]$/ { home[$3] = $1 }
    $2 == "U" { used[$1 " " $3] = $4 }
    END { for (k in used) { split(k, x, " "); h = home[x[2]]
          if (h != "" && !index(allowed[x[1]], " " h " ")) print used[k] " uses " x[2] " of " h } }')
[ -z "$found" ]
ok $? "symbols point down only"

prints='printf|fprintf|puts|putchar|fputs|vprintf|vfprintf|perror|__printf_chk|__fprintf_chk'
found=$(nm -A "$built"/src/*/*.o | grep -E " U ($prints|exit|_exit|abort|initscr|newterm)\$")
[ -z "$found" ]
ok $? "the engine never prints or exits"

found=$(nm -A "$built"/src/*/*.o | grep -E ' U (pthread_create|clock_gettime)$' | grep -v -e '/core/thread\.o:' -e '/core/clock\.o:')
[ -z "$found" ]
ok $? "one file starts threads, one reads the clock"

found=$(grep -ln '#include <\(curses\|ncurses\|term\)\.h>' "$top"/src/*/*.[ch] "$top"/tui/*/*.[ch] |
    grep -v '/tui/term/')
[ -z "$found" ]
ok $? "one room knows of curses"

found=$(grep -ln '#include <\(cblas\|lapack\)' "$top"/src/*/*.[ch] "$top"/tui/*/*.[ch] | grep -v '/src/math/')
[ -z "$found" ]
ok $? "one room knows of BLAS"
echo "1..$n"
