#!/bin/sh
# Runs the test programs that are named, all of them, and adds up what Criterion says of each. What was
# skipped is said, and why. A program that takes more than TEST_LIMIT seconds is ended, with all that it
# started, and the tests that it was in are named. Exits 1 if a test failed, or a program did not finish.
#     tests/run.sh build/tests/shared ...
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
limit=${TEST_LIMIT:-1200}
passed=0 failed=0 skipped=0

# Those that bear the mark, whoever their parent is by now: a test that hangs is not always the process
# that Criterion knows, and Criterion's own limit (--timeout) waits for what that one left behind.
end_marked() {
    grep -lszx "TEST_MARK=$1" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do kill -KILL "$pid"; done
}

unfinished() {
    awk '/^\[RUN \]/ { is_open[$3] = 1 }
         /^\[(PASS|FAIL|SKIP)\]/ { sub(/:$/, "", $2); delete is_open[$2] }
         END { for (test in is_open) print test }' "$log" | sort
}

export CRITERION_VERBOSITY_LEVEL=1 # or else it does not say what it skips
for program in "$@"; do
    echo "== $(basename "$program")"
    mark=$$-$(basename "$program")
    TEST_MARK=$mark timeout --foreground -k 10 "$limit" "$program" --timeout 900 --color=never >"$log" 2>&1
    status=$?
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        end_marked "$mark"
        echo "$program was ended after $limit s (TEST_LIMIT), in these tests:"
        unfinished | sed 's/^/    /'
    fi
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
