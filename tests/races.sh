#!/bin/sh
# Runs the naive and the fixed program of the named build folder, and the stress drivers, under
# helgrind, DRD and memcheck. Exits 1 if one of them reports an error, or memory that is lost.
#     tests/races.sh build
set -u

build=$1
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0 count=0
"$build/bin/fastenough" generate 300 >"$folder/records" || exit 1

# Valgrind with these options and on this program: nothing may be reported.
check() {
    count=$((count + 1))
    if ! valgrind --error-exitcode=9 --fair-sched=try --suppressions="$here/valgrind.supp" "$@" >"$folder/output" 2>&1; then
        echo "FAILED: valgrind $*"
        cat "$folder/output"
        failed=$((failed + 1))
    fi
}

# With three threads a request, of which the naive ones stay.
check_both() {
    check "$@" "$build/bin/fastenough-$variant" run "$folder/records" --request 50 --workers 3
    check "$@" "$build/tests/stress-$variant"
}

for variant in nnnn ffff; do
    LD_PRELOAD=$(realpath "$build/tests/one_locale.so") && export LD_PRELOAD
    check_both --tool=helgrind
    check_both --tool=drd
    unset LD_PRELOAD
    # 'definitely lost: 0' is all that memcheck has to say of lesson 4, and that is the point
    check_both --tool=memcheck --leak-check=full --errors-for-leak-kinds=definite
done
echo "Valgrind: $failed of $count runs failed"
[ $failed -eq 0 ]
