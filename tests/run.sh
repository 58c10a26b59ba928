#!/bin/sh
# Runs the test programs that are named, all of them, and adds up what Criterion says of each. Exits 1 if
# a test failed or a program did not finish.
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0
for program in "$@"; do
    echo "== $(basename "$program")"
    "$program" >"$log" 2>&1
    status=$?
    # what the tests print on purpose is noise here; failures and the summary are not
    grep -E '^\[(----|FAIL|CRASH|====)\]|Error|ERROR' "$log" | grep -v 'Criterion v'
    counts=$(sed -n 's/.*Synthesis: Tested: [0-9]* | Passing: \([0-9]*\) | Failing: \([0-9]*\) | Crashing: \([0-9]*\).*/\1 \2 \3/p' "$log" |
        sed 's/\x1b\[[0-9;]*m//g' | tail -n 1)
    if [ -z "$counts" ]; then
        echo "$program ended with status $status before it had run its tests:" >&2
        tail -n 20 "$log" >&2
        failed=$((failed + 1))
        continue
    fi
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2 + $3))
    if [ "$status" -ne 0 ] && [ "$2" -eq 0 ] && [ "$3" -eq 0 ]; then
        failed=$((failed + 1)) # it said that all is well and then was not
    fi
done
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
