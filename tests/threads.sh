#!/bin/sh
# Runs what was built with ThreadSanitizer in the named folder: all sixteen programs over 2,000 records
# with four workers, and the stress drivers. Exits 1 if TSan reports anything, or a digest is wrong.
#     tests/threads.sh build/tsan
set -u

build=$1
export TSAN_OPTIONS=halt_on_error=0:exitcode=66
# Some kernels spread addresses wider than TSan's map of memory allows; then it needs them unspread.
plain=
"$build/bin/fastenough" --version >/dev/null 2>&1 || plain='setarch -R'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
$plain "$build/bin/fastenough" generate 2000 >"$folder/records" || exit 1

# Runs a command: its output has to hold a text, its status has to be 0.
check() {
    wanted=$1
    shift
    $plain "$@" >"$folder/output" 2>&1
    status=$?
    if [ $status -ne 0 ] || ! grep -q "$wanted" "$folder/output" ||
        grep -q 'WARNING: ThreadSanitizer' "$folder/output"; then
        echo "FAILED with status $status: $*"
        cat "$folder/output"
        failed=$((failed + 1))
    fi
}

for program in "$build"/bin/fastenough-????; do
    check 0c78b2d43dfeb1f5 "$program" run "$folder/records" --workers 4 --request 100 --max-memory 16GiB
done
for program in "$build"/tests/stress-????; do
    for _ in 1 2 3; do
        check 'all sums are right' "$program"
    done
done
echo "ThreadSanitizer: $failed of 22 runs failed"
[ $failed -eq 0 ]
