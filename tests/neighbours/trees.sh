#!/usr/bin/env bash
# Trees in the place of naive/ and fixed/, of which the times are to be compared: trees.sh FOLDER NAIVE FIXED.
#   same       the same files on both sides
#   moved      the same, and a function that nobody calls in front of key_build
#   reordered  the same functions in another order
#   slow1, slow2, slow5   1, 2 and 5% of key_build's instructions more, in the file that is naive otherwise (bias: the same as same)
set -euo pipefail
folder=$1 naive=$2 fixed=$3
calls=27931 # instructions of naive's key_build a record, with gcc 12 at -O2: what a percent is of

tree() { # NAME FILE: the first file is the right side's; the left one is made of it on stdin
    mkdir -p "$folder/$1/naive" "$folder/$1/fixed"
    cp "$fixed"/*.c "$folder/$1/fixed/"
    cp "$2" "$folder/$1/fixed/key.c"
    cp "$folder/$1/fixed"/*.c "$folder/$1/naive/"
    cat >"$folder/$1/naive/key.c"
}

tree same "$fixed/key.c" <"$fixed/key.c"
awk '/^int key_build/ {
        print "int key_that_nobody_calls(int depth);"
        print "int key_that_nobody_calls(int depth)\n{"
        for (i = 0; i < 23; i++) print "    depth = depth * 31 + (depth >> " i % 7 ");"
        print "    return depth;\n}\n" }
    { print }' "$fixed/key.c" | tree moved "$fixed/key.c"
# the first function behind all others, with a declaration in its place
awk '/^static char \*appended/ && !done { head = $0; moving = 1 }
    moving { body = body $0 "\n"; if (/^}/) { moving = 0; done = 1; print head ";" } next }
    { print }
    END { printf "\n%s", body }' "$fixed/key.c" | tree reordered "$fixed/key.c"
for percent in 1 2 5; do
    # two instructions a turn
    awk -v turns=$((calls * percent / 200)) '/^    char \*text = malloc\(DIGITS_MAX/ { print
        print "    unsigned long turns = " turns ";"
        print "    __asm__ volatile(\"1: sub $1, %0\\n\\tjnz 1b\" : \"+r\"(turns) : : \"cc\");"; next }
        { print }' "$naive/key.c" | tree slow$percent "$naive/key.c"
done
