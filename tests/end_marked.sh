#!/bin/sh
# Ends what bears a mark that matches the pattern, whoever its parent is by now: a test that hangs is not
# always the process that Criterion knows, and Criterion's own limit (--timeout) waits for what that one
# left behind.
#     tests/end_marked.sh PATTERN
grep -lszxe "TEST_MARK=$1" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do kill -KILL "$pid" 2>/dev/null; done
