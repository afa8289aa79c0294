#!/bin/sh
# SPDX-License-Identifier: MIT
# bootstrap where the packages are missing and nobody may install them.
. "${srcdir:-.}"/tests/begin.sh
bootstrap=${srcdir:-.}/bootstrap
mkdir "$dir/bin"
for program in sh dirname grep sed cat; do
    ln -s "$(command -v $program)" "$dir/bin/$program"
done
stub() { printf '#!/bin/sh\n%s\n' "$2" > "$dir/bin/$1" && chmod +x "$dir/bin/$1"; }
stub dpkg-query 'exit 1'
stub id 'echo 1000'
stub apt-get 'echo apt-get was called'
without_root() { PATH=$dir/bin "$bootstrap" "$@" > "$dir/out" 2>&1; }
names_packages() {
    found=$(cat "$dir/out")
    grep -q '^ *apt-get install gcc make .*libopenblas-dev' "$dir/out" && ! grep -q 'was called' "$dir/out"
}

without_root build
[ $? -eq 1 ] && names_packages
ok $? "without root and without sudo it prints the line for an administrator"
stub sudo 'echo "user is not in the sudoers file" >&2; exit 1'
without_root build
[ $? -eq 1 ] && names_packages
ok $? "and where sudo refuses"
grep -q libopenmpi-dev "$dir/out"
ok $? "MPI is asked for"
! grep -q libcmocka "$dir/out"
ok $? "cmocka is not asked for to build"
without_root check
[ $? -eq 1 ] && names_packages && grep -q libcmocka-dev "$dir/out"
ok $? "but to check"
without_root nonsense
[ $? -eq 2 ] && found=$(cat "$dir/out") && grep -q 'bootstrap check' "$dir/out"
ok $? "an unknown word prints the usage"
echo "1..$n"
