#!/bin/sh
# SPDX-License-Identifier: MIT
# The rooms of the house: includes and symbols point down only, in the engine and in the front end, and the engine
# neither prints, exits nor knows of curses.
#   core <- {math, ranks} <- {data, net, optim} <- hessian <- {landscape, race} <- run <- trainer <- {store, lecture} <- {sweep, lesson}
#   draw <- term <- app <- {the views} <- cli; the registry tui/views.c is what the app and the views have in common
. "${srcdir:-.}"/tests/begin.sh
top=${srcdir:-.} built=${builddir:-.}

engine='core: core
ranks: core ranks
math: core math
data: core math data
net: core ranks math net
optim: core math optim
hessian: core ranks math data net optim hessian
landscape: core ranks math data net optim hessian landscape
race: core math data net optim hessian race
run: core ranks math data net optim hessian landscape race run
trainer: core ranks math data net optim hessian landscape race run trainer
store: core ranks math data net optim hessian landscape race run trainer store
lecture: core ranks math data net optim hessian landscape race run trainer lecture
sweep: core ranks math data net optim hessian landscape race run trainer store lecture sweep
lesson: core ranks math data net optim hessian landscape race run trainer store lecture lesson'
# A folder of tui that ends in a view's descriptor is a view's, and knows no other view.
views=$(cd "$top" && grep -l '^const struct view [a-z]*_view = {' tui/*/view.c | cut -d/ -f2)
front=$(printf 'draw: draw\nterm: draw term\napp: draw term app\n'
    for view in $views; do echo "$view: draw term app $view"; done
    echo cli: draw term app $views cli)

# Paths relative to the top; every symbol of every room.
includes() { (cd "$top" && grep -n '^#include "' "$1"/*/*.[ch]); }
(cd "$top" && ls src/*/*.h tui/*/*.h) > "$dir/headers"
(cd "$top" && ls src/*/*.c tui/*/*.c) > "$dir/sources"
# Objects whose source is gone do not count.
(cd "$built" && nm -A src/*/*.o tui/*/*.o) | sed 's/:/ /' | awk -v sources="$dir/sources" '
    BEGIN { while ((getline line < sources) > 0) known[line] = 1 }
    { split($1, path, "/"); name = path[3]; sub(/\.o$/, ".c", name); sub(/^[a-z_]*_a-|^saddle-/, "", name)
      if (known[path[1] "/" path[2] "/" name]) print path[1], path[2], $(NF - 1), $NF, path[3] }' | sort -u > "$dir/symbols"

[ "$(echo "$views" | wc -w)" -ge 4 ]
ok $? "the views are found"

# Folders and rooms are the same, and each is read.
for side in src tui; do
    [ $side = src ] && may=$engine || may=$front
    printf '%s\n' "$may" | sed 's/:.*//' | sort > "$dir/rooms"
    found=$(cd "$top"/$side && ls -d */ | sed 's,/,,' | sort | comm -3 - "$dir/rooms")
    [ -z "$found" ]
    ok $? "the rooms of $side are its folders"
    found=$(includes $side | cut -d/ -f2 | sort -u | comm -3 - "$dir/rooms"
        awk -v side=$side '$1 == side && $3 ~ /^[TDR]$/ { print $2 }' "$dir/symbols" | sort -u | comm -3 - "$dir/rooms")
    [ -z "$found" ]
    ok $? "includes and symbols of every room of $side are read"
done

found=$(cut -d/ -f2- "$dir/headers" | sort | uniq -d)
[ -z "$found" ]
ok $? "no header of the front end is called as one of the engine"

# A header is the engine's, or the front end's: two rooms have the same name in both.
point() { # side, what its rooms may use
    includes "$1" | awk -F'"' -v side="$1" -v may="$2" -v headers="$dir/headers" '
        BEGIN { while ((getline line < headers) > 0) known[line] = 1
                rows = split(may, row, "\n")
                for (i = 1; i <= rows; i++) { split(row[i], x, ": "); allowed[x[1]] = " " x[2] " " } }
        { split($1, from, "/"); split($2, to, "/") }
        known[side "/" $2] && !index(allowed[from[2]], " " to[1] " ") { print $1 $2 }
        side == "src" && known["tui/" $2] { print $1 $2 }'
}
found=$(point src "$engine")
[ -z "$found" ]
ok $? "the engine's includes point down only"
found=$(point tui "$front")
[ -z "$found" ]
ok $? "the front end's includes point down only"

found=$(cd "$top" && grep -nE "\\b($(echo $views | tr ' ' '|'))_view\\b" tui/app/*.[ch] |
    grep -vE 'struct (curvature|landscape)_view')
[ -z "$found" ]
ok $? "the app names no view"

uses() { # side, what its rooms may use
    awk -v side="$1" -v may="$2" '
        BEGIN { rows = split(may, row, "\n")
                for (i = 1; i <= rows; i++) { split(row[i], x, ": "); allowed[x[1]] = " " x[2] " " } }
        $3 ~ /^[TDRB]$/ { home[$4] = $1 "/" $2 }
        $1 == side && $3 == "U" { used[$2 " " $4] = 1 }
        END { for (k in used) { split(k, x, " "); split(home[x[2]], h, "/")
              if (h[1] == side && !index(allowed[x[1]], " " h[2] " ")) print x[1] " uses " x[2] " of " h[2]
              if (side == "src" && h[1] == "tui" && x[2] != "main") print x[1] " uses " x[2] " of the front end" } }' "$dir/symbols"
}
found=$(uses src "$engine")
[ -z "$found" ]
ok $? "the engine's symbols point down only"
found=$(uses tui "$front")
[ -z "$found" ]
ok $? "the front end's symbols point down only"

found=$(awk '$1 == "src" && $3 == "U" &&
    $4 ~ /^(v?f?printf|__f?printf_chk|f?puts|putchar|perror|_?exit|abort|initscr|newterm)$/' "$dir/symbols")
[ -z "$found" ]
ok $? "the engine never prints or exits"

found=$(awk '$1 == "src" && $3 == "U" && (($4 == "pthread_create" && $5 != "thread.o") || ($4 == "clock_gettime" && $5 != "clock.o"))' \
    "$dir/symbols")
[ -z "$found" ]
ok $? "one file starts threads, one reads the clock"

found=$(grep -ln '#include <\(curses\|ncurses\|term\)\.h>' "$top"/src/*/*.[ch] "$top"/tui/*/*.[ch] |
    grep -v '/tui/term/')
[ -z "$found" ]
ok $? "one room knows of curses"

found=$(grep -ln '#include <\(cblas\|lapack\)' "$top"/src/*/*.[ch] "$top"/tui/*/*.[ch] | grep -v '/src/math/')
[ -z "$found" ]
ok $? "one room knows of BLAS"

found=$(grep -ln '#include <sqlite3' "$top"/src/*/*.[ch] "$top"/tui/*/*.[ch] | grep -v '/src/store/')
[ -z "$found" ]
ok $? "one room knows of SQLite"
found=$(grep -q "#include <mpi\.h>" "$top"/src/ranks/*.c || echo "no room knows of MPI"
    grep -ln "#include [<\"]mpi" "$top"/src/*/*.[ch] "$top"/tui/*/*.[ch] | grep -v "/src/ranks/")
[ -z "$found" ]
ok $? "one room knows of MPI"

# The README's table says where things are: every file it names is there.
sed -n '/^## To change X/,/^## Development/p' "$top/README.md" | grep -o '`[a-z][A-Za-z0-9./-]*`' | tr -d '`' |
    grep / | sort -u > "$dir/named"
found=$(cd "$top" && grep -v -e NAME -e VIEW "$dir/named" | while IFS= read -r path; do
    [ -e "$path" ] || echo "$path"
done)
[ -z "$found" ] && [ "$(wc -l < "$dir/named")" -ge 30 ]
ok $? "the files that the README names are there"
echo "1..$n"
