#!/bin/sh
# Makes a results folder to draw pages from: the harness' example of compare.json, and small raw files of
# real runs under Valgrind. What takes a comparison minutes takes seconds here, and the numbers of both do
# not belong together; the tests do not mind.
#     tests/page/fixture.sh BUILD FOLDER
set -eu

build=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/raw"
cp tests/harness/data/compare.json "$folder/"
"$build/bin/fastenough" generate 60 >"$folder/records"

run() { # VARIANT, then Valgrind's options
    variant=$1
    shift
    valgrind "$@" "$build/bin/fastenough-$variant" run "$folder/records" --workers 1 --request 30 --quiet \
        >"$folder/log.$variant" 2>&1 || { cat "$folder/log.$variant" >&2; exit 1; }
}

side() { # VARIANT SIDE
    raw=$folder/raw
    run "$1" --tool=callgrind --dump-instr=yes --callgrind-out-file="$raw/callgrind.out.$1"
    run "$1" --tool=dhat --dhat-out-file="$raw/dhat.out.key.$2"
    run "$1" --tool=massif --massif-out-file="$raw/massif.out.$1"
    run "$1" --tool=massif --pages-as-heap=yes --massif-out-file="$raw/massif-pages.out.$1"
    for fix in key sort store workers; do
        ln -f "$raw/callgrind.out.$1" "$raw/callgrind.out.$fix.$2"
    done
    ln -f "$raw/dhat.out.key.$2" "$raw/dhat.out.sort.$2"
}

# as many records as the document says that the CPU profiles are of
"$build/bin/fastenough" generate 20000 >"$folder/many"
for variant in nnnn ffff; do
    "$build/bin/fastenough-$variant" run "$folder/many" --workers 1 --request 20000 --repeat 10 --quiet \
        --cpu-profile "$folder/raw/cpu.$variant.pb.gz" >"$folder/log.cpu" 2>&1 || { cat "$folder/log.cpu" >&2; exit 1; }
done
rm "$folder/many"
for variant in nnnn nnfn; do
    TIMELINE=$folder/raw/timeline.$variant.json "$build/bin/timeline-$variant" run "$folder/records" --workers 4 \
        --request 60 --db-latency 50us --quiet >"$folder/log.timeline" 2>&1 || { cat "$folder/log.timeline" >&2; exit 1; }
done
side nnnn naive &
first=$!
side ffff fixed
wait "$first"
"$build/bin/page" "$folder" >/dev/null
