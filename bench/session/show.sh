# What a session prints: steps, the top rows of a profile, both services side by side. Sourced by
# session.sh, whose variables it uses.

bold=$([[ -t 1 && -z ${NO_COLOR:-} ]] && printf '\033[1m' || true)
plain=${bold:+$'\033[0m'}
step_number=0
rows=8
# For tables by cum. The CPU's: the stages of a record, and nothing of what is above and below them.
stages='^(generate_line|record_parse|strict_check|record_normalise|key_build|sort_tags|record_fingerprint'
stages+='|store_begin|store_commit|store_sync)$'
# The others': what stands above everything there is to see would be rows that say nothing.
above='^(__clone3|start_thread|run_registered|work|process_text|worker_process|write_record|begin'
above+='|begin_get|on_request|__libc_start.*|_start|main|serve|serve_command|.*microhttpd.*'
above+='|_*futex.*|_*lll_lock.*|_*pthread_.*|_*(internal_)?syscall_cancel.*|_*(clock_)?nanosleep.*)$'

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
    "$naive") echo 'all lessons are naive in it' ;;
    *) echo 'all lessons are fixed in it' ;;
    esac
}

# The top rows of a profile that was saved. name, "" or -cum
top_rows() {
    local name=$1 order=${2:-} frames=-hide=$above
    [[ $name != cpu ]] || frames=-show=$stages
    [[ $name != wall ]] || frames='-show=^\[(waiting|running)' # the roots
    if [[ -e $folder/$build/$name.missing ]]; then
        cat "$folder/$build/$name.missing"
    elif [[ $has_go == yes ]]; then
        # by flat, a row without any is of no use
        go tool pprof -top ${order:+"$order" "$frames"} -nodecount=$rows \
            "$folder/$build/$name.pb.gz" 2>/dev/null | sed -n '/flat%/,$p' | cut -c 1-100 |
            awk -v order="$order" 'order != "" || $1 != "0"'
    else
        say 'By the service itself, since its start (Go is not installed):'
        grep '^#' "$folder/$build/$name.txt" | sed -n 's/^#    *//p' | head -n $((rows + 1)) | cut -c 1-100
    fi
}

# A profile's own chapter. title name order what-to-see
chapter() {
    printf '\n%s   %s%s\n' "$bold" "$1" "$plain"
    top_rows "$2" "$3" | sed 's/^/   /'
    if [[ $2 == threads && -e $folder/$build/threads-2.txt ]]; then
        sed -n '/^$/q; p' "$folder/$build/threads-2.txt" | head -n $rows | fold -s -w 97 |
            sed 's/^/   /'
    fi
    say "   > $4"
}

show_profiles() {
    if [[ $build == "$naive" ]]; then
        chapter 'CPU: what each stage takes' cpu -cum \
            'key_build and sort_tags stand high: lessons 1 and 2, work that nobody needed. The wait for the database is no CPU time: it is not here.'
        chapter 'Wall: where the time of all threads goes' wall -cum \
            'By what they wait for: nobody can signal most of them (lesson 4), and a lock has the others (lesson 3).'
        chapter 'Allocations: who asks for memory' allocs '' \
            'appended, below key_build, makes a longer string for each tag (lesson 1), and sort_tags copies the tags for whoever asks (lesson 2).'
        chapter 'Mutex: who made others wait for a lock' mutex '' \
            'Nearly all of it was behind the one lock of the store: lock_release, below store_commit (lesson 3).'
        chapter 'Block: where threads waited' block -cum \
            'They waited for the lock in lock_acquire, below store_begin (lesson 3); those in wait_for_more (lesson 4) are counted only once they wake, and they never do.'
        chapter 'Threads: where each stands now' threads -cum \
            'wait_for_more: each request left its crew behind, waiting for records that cannot come (lesson 4). threads-2.txt names them one by one.'
        chapter 'Memory in use' heap '' \
            'The requests that were answered long ago are still there: their threads hold on to them (lesson 4).'
    else
        chapter 'CPU: what each stage takes' cpu -cum \
            'key_build and sort_tags are small: each record is keyed and sorted once. store_commit is what it takes to go to sleep and wake up for the database, by many threads at once now.'
        chapter 'Wall: where the time of all threads goes' wall -cum \
            'The pool waits for requests, and the database for its time; nobody waits for ever, and next to nobody for a lock.'
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

# The sum of a column of a profile's text. build file column
total() {
    [[ -e $folder/$1/$2.txt ]] || { echo 0; return; }
    awk -v column="$3" '/^-?[0-9]/ && / @/ { sum += $column } END { printf "%.0f\n", sum }' "$folder/$1/$2.txt"
}

# A row of the table: what it is, and both values. label naive fixed format
row() {
    awk -v label="$1" -v naive="$2" -v fixed="$3" -v format="$4" 'BEGIN {
        ratio = fixed == 0 ? "-" : sprintf(naive / fixed < 100 ? "%.3gx" : "%.0fx", naive / fixed)
        printf "   %-44s " format " " format " %12s\n", label, naive, fixed, ratio }'
}

# A total of a text over the records that were processed until then. build file column records
per_record() {
    awk -v total="$(total "$1" "$2" "$3")" -v count="$(cat "$folder/$1/$4")" \
        'BEGIN { print (count > 0 ? total / count : 0) }'
}

never_woken() {
    sed -n 's/^\([0-9]*\) wait for something that nobody can signal.*/\1/p' "$folder/$1/threads-2.txt"
}

side_by_side() {
    local n=$naive f=$fixed
    printf '\n   %-44s %14s %14s %12s\n' '' "$naive" "$fixed" ratio
    row 'CPU, ns a record (profile)' "$(per_record $n cpu 2 cpu.records)" \
        "$(per_record $f cpu 2 cpu.records)" '%14.0f'
    row 'bytes allocated a record (allocs)' "$(per_record $n allocs 2 records)" \
        "$(per_record $f allocs 2 records)" '%14.1f'
    row 'waiting for locks, ns a record (mutex)' "$(per_record $n mutex 2 records)" \
        "$(per_record $f mutex 2 records)" '%14.0f'
    row 'memory in use, bytes (heap)' "$(total $n heap 4)" "$(total $f heap 4)" '%14.0f'
    row 'threads alive (threads)' "$(cat "$folder/$n/alive")" "$(cat "$folder/$f/alive")" '%14.0f'
    row 'of which nobody can wake (threads)' "$(never_woken $n)" "$(never_woken $f)" '%14.0f'
    row 'records processed until then' "$(cat "$folder/$n/records")" "$(cat "$folder/$f/records")" '%14.0f'
}

open_them() {
    printf '\n   The profiles are in %s. To look at them:\n' "$final"
    cat <<END
   go tool pprof -http=: $final/$naive/cpu.pb.gz
   go tool pprof -http=: -diff_base=$final/$naive/allocs.pb.gz $final/$fixed/allocs.pb.gz
   go tool pprof -http=: $final/$naive/wall.pb.gz
   go tool pprof -list=key_build $final/$naive/allocs.pb.gz
   less $final/$naive/threads-2.txt
   speedscope $final/$naive/cpu.pb.gz         (or drop the file on https://www.speedscope.app)
END
}
