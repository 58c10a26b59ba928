#!/bin/sh
# Makes an edition for students by `make handout`, looks for the solutions in it (search.py), and works in it as its README
# says and as a class does: guesses, compares, hands in, and is graded. In a folder of its own, which is removed.
#     tests/handout/run.sh
set -eu

project=$PWD
here=$project/tests/handout
unset MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES # an outer make's are not meant for the edition
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
trap 'exit 130' INT TERM HUP
class=$made/class

fail() {
    echo "handout: $*" >&2
    exit 1
}
search() {
    /usr/bin/python3 -B "$here/search.py" "$class" "$@"
}
# what has to be found: WHERE FILE
planted() {
    cp "$2" "$class/$1"
    ! search >/dev/null || fail "$2 was not found at $1: the search finds nothing"
    rm "$class/$1"
}

make -s handout DIR="$class" >"$made/said"
grep -q "class.tar.gz (.*: for $(uname -m), made by" "$made/said" || fail "make handout does not say what it made: $(cat "$made/said")"
! make -s handout DIR="$class" 2>"$made/said" || fail "an edition was made over one that was there"
grep -q 'is there already' "$made/said" || fail "$(cat "$made/said")"
search || fail "the edition shows solutions"
planted bench/notes.md fixed/key.c
planted fixed/again.o build/handout/fixed/key.o
planted notebooks/1_again.ipynb notebooks/1_key.ipynb
(cd "$made" && find class -type f | sort >files && tar tzf class.tar.gz | grep -v '/$' | sort | cmp - files) ||
    fail "the archive has other files than the folder"
rm -r "$class" && tar xzf "$class.tar.gz" -C "$made" # what a student gets

cd "$class"
make help >help
for target in diff decoy handout session test kit; do
    ! grep -q "^  make $target " help || fail "make help lists $target, which is not there"
done
grep -o '^make [a-z]*' README.md | sort -u | while read -r _ target; do
    grep -q "^  make $target " help || fail "README.md says make $target, which is not there"
done

# a class: one that did nothing, one that found solutions of their own, one that has them from somebody with fixed/
for student in nobody own copied; do
    make -s exercise DIR="$made/submissions/$student" >/dev/null
done
for file in key_sized sort_once store_array workers_ring; do
    cp "$project/tests/classroom/honest/$file.c" "$made/submissions/own/${file%%_*}.c"
done
for lesson in key sort store workers; do # without comments, under other names
    sed -E -e '1,/\*\/$/d' -e 's/\<(reserve|shards|take_request|view)\>/my_\1/g' "$project/fixed/$lesson.c" \
        >"$made/submissions/copied/$lesson.c"
done
make -s grade STUDENT="$made/submissions/*" SEED=7 >table 2>said || fail "make grade: $(cat said)"
points() { # NAME CSV
    grep -q "^\"$1\",$2" bench/results/grades/grades.csv || fail "$1 has not $2: $(cat table)"
}
points nobody 0.0,0.0,0.0,0.0,0.0,
points own 25.0,25.0,25.0,25.0,100.0,
points copied 25.0,25.0,25.0,25.0,100.0,
grep -q '^own .* 100.0  $' table || fail "own solutions are called copies: $(cat table)"
grep -q '^copied .*key copied, store copied, workers copied$' table || fail "copies are not told: $(cat table)"

make -s predict GUESS='key=3' >/dev/null
make -s compare QUICK=1 FIX=key >table 2>said || fail "make compare: $(cat said)"
grep -q 'heap bytes from key_build .* 0 B .* better' table || fail "the reference has no count: $(cat table)"
search --results || fail "the report shows solutions"
make -s annotate FIX=key >table 2>said || fail "make annotate: $(cat said)"

make -s exercise KIT=bench/kits/branches DIR=kit/untouched >/dev/null
make -s grade KIT=bench/kits/branches STUDENT=kit/untouched >table 2>said || fail "make grade KIT=: $(cat said)"

# objects of another machine, and of another compiler
cp fixed/made-with made-with
sed 1s/.*/riscv64/ made-with >fixed/made-with
! make -s build/fixed/key.o 2>said || fail "objects for another machine were taken"
grep -q 'is there as objects for riscv64' said || fail "of objects for another machine it was said: $(cat said)"
sed '2s/.*/gcc 99/' made-with >fixed/made-with
make -s build/fixed/key.o 2>said || fail "$(cat said)"
grep -q 'was compiled by gcc 99' said || fail "of another compiler it was said: $(cat said)"
make -s grade STUDENT="$made/submissions/copied" >table 2>said || fail "make grade: $(cat said)"
grep -q 'made by gcc 99: .*' table || fail "of another compiler the grader said: $(cat table)"
echo "handout: a class was graded in it, and no solution was found"
