# What a session prints: steps, the top rows of a profile, both services side by side. Sourced by
# session.sh, whose variables it uses.

bold=$([[ -t 1 && -z ${NO_COLOR:-} ]] && printf '\033[1m' || true)
plain=${bold:+$'\033[0m'}
step_number=0

say() {
    printf '%s\n' "$1" | fold -s -w 100
}

step() {
    step_number=$((step_number + 1))
    if [[ ${STEP:-} == 1 && $step_number -gt 1 ]]; then
        if ! read -r -p '    [Enter] goes on, Ctrl-C ends it ' </dev/tty; then
            fail 'STEP=1 needs a terminal to wait for you at'
        fi
    fi
    printf '\n%s%d. %s%s\n' "$bold" "$step_number" "$1" "$plain"
}

what_is() {
    case $1 in
    nnnn) echo 'all four problems are in it' ;;
    *) echo 'all four are fixed' ;;
    esac
}

# The top rows of a profile that was saved. file sort-by-cum? further options of go tool pprof
top_rows() {
    local name=$1 order=$2
    shift 2
    if [[ $has_go == yes ]]; then
        go tool pprof -top $order "$@" -nodecount=$rows "$folder/$variant/$name.pb.gz" 2>/dev/null |
            sed -n '/flat%/,$p' | cut -c 1-100
    else
        grep '^#' "$folder/$variant/$name.txt" | sed -n 's/^#    *//p' | head -n $((rows + 1)) | cut -c 1-100
    fi
}

# A profile's own chapter. title file order what-to-see [options]
chapter() {
    printf '\n%s   %s%s\n' "$bold" "$1" "$plain"
    top_rows "$2" "$3" "${@:5}" | sed 's/^/   /'
    say "   > $4"
}

show_profiles() {
    if [[ $variant == nnnn ]]; then
        chapter 'CPU: where the time goes' cpu -cum \
            'key_build and sort_tags stand high: problems 1 and 2, work that nobody needed. The wait for the database is no CPU time: it is not here.' \
            '-focus=worker_process'
        chapter 'Allocations: who asks for memory' allocs '' \
            'appended, below key_build, makes a longer string for each tag (problem 1), and sort_tags copies the tags for whoever asks (problem 2).'
        chapter 'Mutex: who made others wait for a lock' mutex '' \
            'Nearly all of it was behind the one lock of the store: lock_release, below store_commit (problem 3).'
        chapter 'Block: where threads waited' block -cum \
            'They waited for the lock in lock_acquire, below store_begin (problem 3); those in wait_for_more (problem 4) are counted only once they wake, and they never do.'
        chapter 'Threads: where each stands now' threads -cum \
            'wait_for_more: each request left its crew behind, waiting for records that cannot come (problem 4). threads.txt names them one by one.'
        chapter 'Memory in use' heap '' \
            'The requests that were answered long ago are still there: their threads hold on to them (problem 4).'
    else
        chapter 'CPU: where the time goes' cpu -cum \
            'What is left is parsing, which has to be done, and each sort and key once.' '-focus=worker_process'
        chapter 'Allocations: who asks for memory' allocs '' \
            'No key_build, no sort_tags: buffers are reused.'
        chapter 'Mutex: who made others wait for a lock' mutex '' \
            'Next to nothing: the lock of a shard is held to publish a row, and no longer.'
        chapter 'Block: where threads waited' block -cum \
            'Workers wait for requests, as a pool should, and for nobody else.'
        chapter 'Threads: where each stands now' threads -cum \
            'The pool and its size: as many after a thousand requests as after the first.'
        chapter 'Memory in use' heap '' 'The requests in flight, and the table.'
    fi
}

# The sum of a column of a profile's text. variant file column
total() {
    awk -v column="$3" '/^-?[0-9]/ && / @/ { sum += $column } END { printf "%.0f\n", sum }' "$folder/$1/$2.txt"
}

# A row of the table: what it is, and both values. label nnnn ffff format
row() {
    awk -v label="$1" -v naive="$2" -v fixed="$3" -v format="$4" 'BEGIN {
        ratio = fixed > 0 ? sprintf("%.3gx", naive / fixed) : naive > 0 ? "-" : ""
        printf "   %-44s " format " " format " %10s\n", label, naive, fixed, ratio }'
}

# A total of a text over the records that were processed until then. variant file column records
per_record() {
    awk -v total="$(total "$1" "$2" "$3")" -v count="$(cat "$folder/$1/$4")" \
        'BEGIN { print count > 0 ? total / count : 0 }'
}

side_by_side() {
    local n=nnnn f=ffff
    printf '\n   %-44s %14s %14s %10s\n' '' nnnn ffff ratio
    row 'CPU, ns a record (profile)' "$(per_record $n cpu 2 cpu.records)" \
        "$(per_record $f cpu 2 cpu.records)" '%14.0f'
    row 'bytes allocated a record (allocs)' "$(per_record $n allocs 2 records)" \
        "$(per_record $f allocs 2 records)" '%14.1f'
    row 'waiting for locks, ns a record (mutex)' "$(per_record $n mutex 2 records)" \
        "$(per_record $f mutex 2 records)" '%14.0f'
    row 'memory in use, bytes (heap)' "$(total $n heap 4)" "$(total $f heap 4)" '%14.0f'
    row 'threads alive (threads)' "$(cat "$folder/$n/alive")" "$(cat "$folder/$f/alive")" '%14.0f'
    row 'records processed until then' "$(cat "$folder/$n/records")" "$(cat "$folder/$f/records")" '%14.0f'
}

open_them() {
    printf '\n   The profiles are in %s. To look at them:\n' "$final"
    cat <<END
   go tool pprof -http=: $final/nnnn/cpu.pb.gz
   go tool pprof -http=: -diff_base=$final/nnnn/allocs.pb.gz $final/ffff/allocs.pb.gz
   go tool pprof -list=key_build $final/nnnn/allocs.pb.gz
   less $final/nnnn/threads.txt
   speedscope $final/nnnn/cpu.pb.gz         (or drop the file on https://www.speedscope.app)
END
}
