#!/bin/sh
# Runs each fuzz target for so many seconds: run.sh FOLDER SECONDS TARGET...
# It starts from the inputs in tests/fuzz/corpus and keeps what it finds beyond them, for the next
# run, in FOLDER/found. An input that breaks something is left there too, and named at the end.
set -u
folder=$1
seconds=$2
shift 2
status=0
for target in "$@"; do
    found=$folder/found/$target
    mkdir -p "$found"
    echo "Fuzzing $target for $seconds s ..."
    # -rss_limit_mb: an input that takes much memory is a finding; -timeout: one that takes long is
    if ! "$folder/$target" -max_total_time="$seconds" -max_len=20000 -timeout=20 \
        -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$found/broken-" "$found" "tests/fuzz/corpus/$target" 2>"$found.log"; then
        tail -n 60 "$found.log"
        echo "FAILED: $target; the input is $found/broken-*, and $folder/$target FILE runs it again"
        status=1
    fi
    grep -E '^stat::number_of_executed_units|^stat::peak_rss_mb' "$found.log"
done
exit $status
