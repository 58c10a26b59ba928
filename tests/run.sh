#!/bin/sh
# Runs the test programs that are named, all of them, and adds up what Criterion says of each; TEST_JOBS of
# them at a time (as many as there are CPUs), in the order in which they are named. What one of them says is
# shown whole, once it has ended. What was skipped is said, and why. A program that takes more than
# TEST_LIMIT seconds is ended, with all that it started, and the tests that it was in are named. Exits 1 if
# a test failed, or a program did not finish.
#     tests/run.sh build/tests/shared ...
set -u

here=$(dirname "$0")
folder=$(mktemp -d)
trap '"$here/end_marked.sh" "$$-.*"; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
: >"$folder/counts"

# xargs, and not "&": a shell lets what it starts in the background ignore Ctrl-C
printf '%s\0' "$@" | xargs -0 -n 1 -P "${TEST_JOBS:-$(nproc)}" "$here/run_one.sh" $$ "$folder"

read -r ended passed failed skipped <<END
$(awk '{ passed += $1; failed += $2; skipped += $3 } END { print NR, passed + 0, failed + 0, skipped + 0 }' "$folder/counts")
END
if [ "$ended" -lt $# ]; then
    echo "$(($# - ended)) of $# programs were not run to their end" >&2
    failed=$((failed + $# - ended))
fi
echo
[ "$skipped" -eq 0 ] || note=", $skipped skipped"
echo "$passed passed, $failed failed${note:-}"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
