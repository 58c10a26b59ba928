#!/usr/bin/env bash
# How often comparisons of times err, and what they find (trials.c): run.sh BUILD MAKE TREE TRIALS SECONDS
# TREE: one of trees.sh, or `bias` (the same on both sides, each process bound to one of two cores at random, the first of which
# is loaded), or `rounds` (the same, in shuffled rounds instead of neighbours). With NOISE=cpu in the environment each core is
# loaded beside it.
set -euo pipefail
build=$1 make=$2 tree=$3 trials=$4 seconds=$5
folder=$build/tests/neighbours
here=$folder/$tree
source=$tree
[[ $tree != bias && $tree != rounds ]] || source=same

# What is the same in all trees is compiled once.
mkdir -p "$folder/$source/common" "$folder/$source/variant"
cp -a "$build/common/." "$folder/$source/common/"
cp -a "$build/variant/." "$folder/$source/variant/"
cp -a "$build/libcommon.a" "$build/flags" "$folder/$source/"
codes=$($make -s --no-print-directory -f - <<<'include Makefile
list: ; @echo $(LAYOUT_CODES)' list)
$make -s --no-print-directory -j"$(nproc)" BUILD="$folder/$source" NAIVE="$folder/trees/$source/naive" \
    FIXED="$folder/trees/$source/fixed" $(printf "$folder/$source/bin/layouts/%s " $codes) >/dev/null

programs=$folder/$source/bin
loads=()
trap 'kill "${loads[@]}" 2>/dev/null || true' EXIT
if [[ $tree = bias ]]; then
    programs=$here/bound
    mkdir -p "$programs"
    for code in $codes; do
        printf '#!/bin/bash\nexec taskset -c $((RANDOM %% 2)) %q "$@"\n' "$PWD/$folder/same/bin/fastenough-$code" \
            >"$programs/fastenough-$code"
        chmod +x "$programs/fastenough-$code"
    done
    taskset -c 0 timeout 3600 bash -c 'while :; do :; done' &
    loads+=($!)
fi
noise=()
[[ -z ${NOISE-} ]] || noise=("$build/bin/noise" "$NOISE")
"${noise[@]}" "$folder/trials" "$programs" "$trials" "$seconds" "$tree"
