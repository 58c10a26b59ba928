#!/usr/bin/env bash
# Links a program in other orders of the same objects: link_orders.sh SEED COUNT OUT OBJECT... -- COMMAND... -- LIBRARY...
# makes OUT.1 to OUT.COUNT by `COMMAND... -o OUT.N OBJECT... LIBRARY...`, the objects in an order drawn from SEED and N.
set -euo pipefail
seed=$1 count=$2 out=$3
shift 3
objects=() command=()
while [[ $1 != -- ]]; do objects+=("$1"); shift; done
shift
while [[ $1 != -- ]]; do command+=("$1"); shift; done
shift
rm -f -- "$out".*
for ((number = 1; number <= count; number++)); do
    mapfile -t order < <(printf '%s\n' "${objects[@]}" |
        awk -v seed="$seed" -v number="$number" 'BEGIN { srand(seed * 1000 + number) } { print rand(), $0 }' |
        LC_ALL=C sort -n | cut -d ' ' -f 2-)
    "${command[@]}" -o "$out.$number" "${order[@]}" "$@"
done
