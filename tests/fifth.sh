#!/bin/sh
# A fifth lesson is one row and its files. In a copy of the checkout adds one (fifth/: contract, naive and fixed
# file, benchmark, row, notebook), its word in LESSONS and its call in common/worker.c, and nothing else. Then
# compares, grades, and looks at the text, the page and a notebook.
#     tests/fifth.sh [FOLDER]    the copy is made there, and stays; otherwise it is removed
#     FULL=1 tests/fifth.sh      all thirty-two builds, and the shares that need them
set -eu

here=$PWD
if [ $# -gt 0 ]; then
    copy=$1
    mkdir "$copy"
else
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
fi
unset MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES # an outer make's are not meant for the copy

fail() {
    echo "fifth: $*" >&2
    exit 1
}

git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy"
cd "$copy"
rm -rf tests/fifth
for folder in common naive fixed bench notebooks; do
    cp "$here/tests/fifth/$folder"/* "$folder/"
done

# the word, the row, the call
sed -i 's/^LESSONS := key /&log /' Makefile
awk -v row="$here/tests/fifth/row.c" '
    /\.id = "sort",/ { while ((getline line < row) > 0) print line }
    { print }' bench/lesson.c >row && mv row bench/lesson.c
sed -i -e 's/^#include "common\/sort.h"/#include "common\/log.h"\n&/' \
    -e 's/^    tally_accept(/    log_row(LOG_WARNINGS, \&row);\n&/' common/worker.c
for changed in Makefile bench/lesson.c common/worker.c; do
    ! cmp -s "$changed" "$here/$changed" || fail "$changed could not be edited: tests/fifth.sh looks for lines that are gone"
done

if [ -n "${FULL-}" ]; then size=FULL; else size=QUICK; fi
make -s compare $size=1 >terminal || fail "make compare $size=1"
results=$(readlink -f bench/results/latest)
python3 -B "$here/tests/fifth/check.py" $size "$results/compare.json" terminal

# the page draws its cards by script
if command -v chromium >/dev/null; then
    chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=20000 \
        --dump-dom "file://$results/index.html" >page 2>/dev/null || fail "the page cannot be opened"
    cards=$(grep -o '<li class="card"' page | wc -l)
    [ "$cards" -eq 5 ] || fail "the page has $cards cards, not five"
    ! grep -o 'class="[^"]*">The page could not draw this: [a-z ]*\.<' page || fail "the page is not whole"
fi

# The fixed files are worth all points, and what was handed out is worth none.
make -s exercise DIR=submissions/untouched
mkdir submissions/mended
for lesson in key log sort store workers; do
    cp fixed/$lesson.c submissions/mended/
done
make -s grade STUDENT='submissions/*' >grades || fail "make grade: $(cat grades)"
python3 -B "$here/tests/fifth/check_grades.py" bench/results/grades/grades.csv

mkdir -p chapter
ln -s "$results/.." chapter/whole
make -s notebooks NOTEBOOK=log REUSE=1 RESULTS="$copy/chapter"

echo "fifth: five lessons in compare.json, in the text and on the page, five grades, and a notebook"
