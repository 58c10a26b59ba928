#!/usr/bin/env bash
# A debugging session, as the article walks through one: start the naive service, put it under load, look
# at its profiles while it runs, stop it; then the same with the fixed one, and both side by side.
#     bench/session/session.sh build/bin bench/results/session nnnn ffff
# STEP=1 waits for Enter between steps. SECONDS_EACH=5 is how long the CPU and the locks are watched.
# Everything that it starts ends with it, also on Ctrl-C, and a session that is cut short leaves no results.
set -euo pipefail
# shellcheck source=bench/session/show.sh
. "$(dirname "$0")/show.sh"

programs=$1 results=$2 naive=$3 fixed=$4
seconds=${SECONDS_EACH:-5}
latency=50us
connections=4
records=1000 # of a request
stamp=$(date -u +%Y-%m-%dT%H-%M-%SZ)
folder=$results/$stamp.unfinished
has_go=$(command -v go >/dev/null 2>&1 && go tool pprof -h 2>&1 | grep -q http && echo yes || echo no)
server='' load='' final=''

stop_load() {
    if [[ -n $load ]]; then
        kill "$load" 2>/dev/null || true
        wait "$load" 2>/dev/null || true
        load=''
    fi
}

stop_service() {
    stop_load
    if [[ -n $server ]]; then
        kill -TERM "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=''
    fi
}

finish() {
    local status=$?
    trap - EXIT INT TERM
    exec 3>&2 2>/dev/null # what is cut off now need not say so
    jobs -p | xargs -r kill || true # profiles that are being fetched
    if [[ -n $server ]]; then
        kill -KILL "$server" || true # it may have much to finish: nobody waits for that now
    fi
    stop_service
    if [[ -z $final ]]; then
        rm -rf "$folder"
        echo "The session was cut short: nothing was kept." >&3
    fi
    exit "$status"
}

fail() {
    echo "session: $1" >&2
    exit 1
}

# The address behind a word in what the service printed.
address_in_log() {
    sed -n "s|.*$1 \(http://[^/]*\)/.*|\1|p" "$log" | head -n 1
}

start_service() { # nnnn
    log=$folder/$1/service.log
    mkdir -p "$folder/$1"
    : >"$log"
    "$programs/fastenough-$1" serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --db-latency $latency \
        --request $records >"$log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        grep -q 'caps:' "$log" && break
        kill -0 "$server" 2>/dev/null || fail "fastenough-$1 did not start: $(cat "$log")"
        sleep 0.1
    done
    service=$(address_in_log 'listening on')
    admin=$(address_in_log 'profiles at')/debug/pprof
    [[ -n $service && $admin == http* ]] || fail "fastenough-$1 does not say where it listens: $(cat "$log")"
}

start_load() {
    wrk -t1 -c$connections -d3600s --timeout 60s "$service/process?n=$records" >/dev/null 2>&1 &
    load=$!
    sleep 1
    kill -0 "$load" 2>/dev/null || fail "wrk cannot load $service"
}

accepted() {
    curl -sS --fail -H 'Accept: application/json' "$service/metrics" | grep -o '"accepted":[0-9]*' |
        head -n 1 | cut -d : -f 2
}

# Fetches a profile into a file. One that this build cannot collect (501) is left out, with the reason.
capture() { # profile file parameters
    local file=$folder/$build/$2 status
    status=$(curl -s -o "$file" -w '%{http_code}' "$admin/$1?$3") || fail "$admin/$1?$3 was not answered"
    case $status in
    200) ;;
    501) mv "$file" "$folder/$build/${2%%.*}.missing" ;;
    *) fail "$admin/$1?$3: $status $(cat "$file")" ;;
    esac
}

# Captures all there is of the service that runs. CPU and locks share the time, as Go's would.
capture_all() {
    local name before waiting=()
    capture profile cpu.pb.gz "seconds=$seconds" &
    waiting+=($!)
    for name in mutex block allocs wall; do
        capture "$name" "$name.pb.gz" "seconds=$seconds" &
        waiting+=($!)
    done
    for name in "${waiting[@]}"; do
        wait "$name" || fail 'a profile is missing'
    done
    for name in heap threads threadcreate; do
        capture "$name" "$name.pb.gz" ''
    done
    capture threads threads-2.txt debug=2
    [[ $has_go == yes ]] || capture wall wall.txt 'seconds=2&debug=1'
    for name in heap mutex block threads threadcreate allocs; do
        capture "$name" "$name.txt" debug=1
    done
    accepted >"$folder/$build/records"
    before=$(accepted)
    capture profile cpu.txt 'seconds=2&debug=1'
    echo $(($(accepted) - before)) >"$folder/$build/cpu.records"
    sed -n 's/^Threads:[[:space:]]*//p' "/proc/$server/status" >"$folder/$build/alive"
}

# One service, from its start to its end. Leaves the profiles in its folder.
walk() { # nnnn
    build=$1
    step "Start $build: $(what_is "$build")"
    start_service "$build"
    say "It serves on $service, and its profiles on $admin/ ."
    step "Put it under load: $connections connections, each asks for $records records again and again"
    echo "\$ wrk -t1 -c$connections '$service/process?n=$records'"
    start_load
    step "Capture its profiles while it runs ($seconds s)"
    echo "\$ go tool pprof '$admin/profile?seconds=$seconds'"
    say "And so wall, mutex, block, allocs, heap, threads and threadcreate."
    capture_all
    show_profiles
    step "Stop $build"
    stop_service
}

mkdir -p "$folder"
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

{
    [[ $has_go == yes ]] || say "With Go (Debian: golang-go) the tables would be those of go tool pprof."
    walk "$naive"
    walk "$fixed"
    step "Side by side"
    side_by_side
    mv "$folder" "$results/$stamp"
    ln -sfn "$stamp" "$results/latest"
    final=$results/$stamp
    open_them
}
