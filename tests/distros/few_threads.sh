#!/bin/sh
# Where few threads are to be had, each program says what is short: few_threads.sh NAIVE_PROGRAM DOCTOR PROGRAMS RESULTS
set -eu

"$1" generate 20000 2>/dev/null | "$1" run - 2>&1 >/dev/null | grep "pids limit"
"$2" "$3" "$4" | grep -e --pids-limit
