#!/bin/sh
# Runs the test programs that are named, all of them, and adds up what Criterion says of each. What was
# skipped is said, and why. Exits 1 if a test failed, or a program did not finish.
#     tests/run.sh build/tests/shared ...
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0
export CRITERION_VERBOSITY_LEVEL=1 # or else it does not say what it skips
for program in "$@"; do
    echo "== $(basename "$program")"
    "$program" --timeout 900 --color=never >"$log" 2>&1 # a test that hangs is ended, at long last
    status=$?
    # "Failing" counts those that crashed, too
    counts=$(sed -n 's/.*Synthesis: Tested: \([0-9]*\) | Passing: \([0-9]*\) | Failing: \([0-9]*\) .*/\1 \2 \3/p' "$log" | tail -n 1)
    read -r tested passing failing <<END
${counts:-0 0 0}
END
    passed=$((passed + passing)) failed=$((failed + failing))
    # what a sanitizer sees at the end of a test's process, a leak, say, Criterion does not look at
    reports=$(grep -cE '(ERROR|WARNING): [A-Za-z]*Sanitizer: [a-z-]* |runtime error: ' "$log")
    [ "$reports" -gt "$failing" ] && failed=$((failed + reports - failing))
    if [ "$status" -eq 0 ] && [ "$reports" -eq 0 ]; then
        grep '\[====\] Synthesis' "$log"
    else
        grep -vE '^\[(RUN |PASS)|Test is disabled' "$log"
    fi
    skips=$(grep '^\[SKIP\]' "$log" | grep -v 'Test is disabled') # that is what FILTER= leaves out
    [ -z "$skips" ] || { echo "$skips"; skipped=$((skipped + $(echo "$skips" | wc -l))); }
    if [ "$tested" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$failing" -eq 0 ]; }; then
        echo "$program ended with status $status, and does not say which test failed" >&2
        failed=$((failed + 1))
    fi
done
echo
[ "$skipped" -eq 0 ] || note=", $skipped skipped"
echo "$passed passed, $failed failed${note:-}"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
