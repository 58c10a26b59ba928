#!/bin/sh
# Runs one test program for tests/run.sh, which says what this is about, and says what became of it. Adds
# "passed failed skipped" to FOLDER/counts.
#     tests/run_one.sh RUN FOLDER PROGRAM
set -u

here=$(dirname "$0") run=$1 folder=$2 program=$3
trap 'exit 130' INT
trap 'exit 143' TERM
limit=${TEST_LIMIT:-1200}
mark=$run-$$
log=$folder/$$.log

unfinished() {
    awk '/^\[RUN \]/ { is_open[$3] = 1 }
         /^\[(PASS|FAIL|SKIP)\]/ { sub(/:$/, "", $2); delete is_open[$2] }
         END { for (test in is_open) print test }' "$log" | sort
}

# Reads "tested passing failing"; the status, and what sanitizers report, are to agree with it.
judge() {
    read -r tested passing failing <<END
${1:-0 0 0}
END
    failed=$failing
    # what a sanitizer sees at the end of a test's process, a leak, say, Criterion does not look at
    reports=$(grep -cE '(ERROR|WARNING): [A-Za-z]*Sanitizer: [a-z-]* |runtime error: ' "$log")
    [ "$reports" -gt "$failing" ] && failed=$reports
    if [ "$status" -eq 0 ] && [ "$reports" -eq 0 ]; then
        grep '\[====\] Synthesis' "$log"
    else
        grep -vE '^\[(RUN |PASS)|Test is disabled' "$log"
    fi
    skips=$(grep '^\[SKIP\]' "$log" | grep -v 'Test is disabled') # that is what FILTER= leaves out
    skipped=0
    [ -z "$skips" ] || { echo "$skips"; skipped=$(echo "$skips" | wc -l); }
    if [ "$tested" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$failing" -eq 0 ]; }; then
        echo "$program ended with status $status, and does not say which test failed"
        failed=$((failed + 1))
    fi
}

export CRITERION_VERBOSITY_LEVEL=1 # or else it does not say what it skips
TEST_MARK=$mark timeout --foreground -k 10 "$limit" "$program" --timeout 900 --color=never >"$log" 2>&1
status=$?
{
    echo "== $(basename "$program")"
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        "$here/end_marked.sh" "$mark"
        echo "$program was ended after $limit s (TEST_LIMIT), in these tests:"
        unfinished | sed 's/^/    /'
    fi
    # "Failing" counts those that crashed, too
    judge "$(sed -n 's/.*Synthesis: Tested: \([0-9]*\) | Passing: \([0-9]*\) | Failing: \([0-9]*\) .*/\1 \2 \3/p' "$log" | tail -n 1)"
} >"$log.told"
flock "$folder" cat "$log.told"
echo "$passing $failed $skipped" >>"$folder/counts"
