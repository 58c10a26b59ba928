#!/bin/sh
# Makes a small folder of results for the tests of bench/open: two real profiles, the harness' example of
# compare.json, and the page of both. The numbers of the two do not belong together; the tests do not mind.
#     tests/open/fixture.sh BUILD FOLDER
set -eu

build=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/raw"
cp tests/harness/data/compare.json "$folder/"
"$build/bin/fastenough" generate 30 >"$folder/records"

run() { # VARIANT SIDE
    env -i PATH="$PATH" LD_BIND_NOW=1 valgrind --tool=callgrind --dump-instr=yes --collect-jumps=yes \
        --callgrind-out-file="$folder/raw/callgrind.out.$1" "$build/bin/fastenough-$1" run "$folder/records" \
        --workers 1 --quiet >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
    for fix in key sort store workers; do
        ln -f "$folder/raw/callgrind.out.$1" "$folder/raw/callgrind.out.$fix.$2"
    done
}

run nnnn naive
run ffff fixed
rm "$folder/log" "$folder/records"
"$build/bin/page" "$folder" >/dev/null
