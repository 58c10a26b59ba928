#!/bin/bash
# Runs what was built for arm64 in the named folder, under qemu-user: all sixteen programs, whose
# digests are known, and a service, whose profiles go tool pprof reads. A line for each check; what
# qemu-user does not have is said. Exits 1 if a check failed.
#     tests/arm64/run.sh build/arm64
set -u

build=$1
run=(qemu-aarch64 -L "$build/sysroot")
folder=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null; rm -rf "$folder"' EXIT
checks=0 failed=0 missing=0

# STATUS WHAT: whether the command before it succeeded; if not, what it wrote stands in $folder/output.
check() {
    checks=$((checks + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok      $2"
    else
        echo "FAILED  $2"
        tail -n 20 "$folder/output"
        failed=$((failed + 1))
    fi
}

not_here() {
    echo "not under qemu-user: $1"
    missing=$((missing + 1))
}

# COUNT SHA256 DIGEST
check_programs() {
    local records=$folder/$1
    "${run[@]}" "$build/bin/fastenough" generate "$1" >"$records" 2>"$folder/output" && sha256sum "$records" >>"$folder/output"
    grep -q "$2" "$folder/output"
    check $? "generate $1: sha256 $2"
    for program in "$build"/bin/fastenough-????; do
        "${run[@]}" "$program" run "$records" --workers 4 --request 100 --max-memory 16GiB >"$folder/output" 2>&1 &&
            grep -q "digest  *$3" "$folder/output"
        check $? "$(basename "$program"): $1 records, digest $3"
    done
}

# OPTIONS PROFILE FUNCTION: go tool pprof reads the profile, and the function is in it.
check_profile() {
    # shellcheck disable=SC2086 # the options are words
    HOME=$folder PPROF_TMPDIR=$folder go tool pprof -top -cum $1 "$profiles$2" >"$folder/output" 2>&1 &&
        grep -qE " $3( |\$)" "$folder/output"
    check $? "$2: go tool pprof finds $3"
}

# The CPU profile needs a timer on each thread's own CPU clock.
check_cpu_profile() {
    HOME=$folder PPROF_TMPDIR=$folder go tool pprof -top -cum "${profiles}profile?seconds=2" >"$folder/output" 2>&1
    local status=$?
    if grep -q 'Total samples = 0' "$folder/output"; then
        not_here "the CPU profile: no timer on a thread's CPU clock ticks"
    else
        [ $status -eq 0 ] && grep -q worker_process "$folder/output"
        check $? "profile?seconds=2: go tool pprof finds worker_process"
    fi
}

# Who waits for what can never come: known for other machines than this one.
check_words() {
    curl -sS "${profiles}threads?debug=2" >"$folder/output" 2>&1 && grep -q '^    wait_for_more ' "$folder/output"
    check $? "threads?debug=2: the stacks of waiting threads, in words"
    grep -q 'is not known: where threads keep their own data is known for x86-64 only' "$folder/output"
    check $? "threads?debug=2: says that who can never wake is not known on arm64"
}

request() {
    curl -sS "$url/process?n=$1&seed=$2" >"$folder/output" 2>&1 && grep -q '"digest":' "$folder/output"
}

check_service() {
    "${run[@]}" "$build/bin/fastenough-nnnn" serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --db-latency 50us \
        --request 1000 --workers 4 >"$folder/service" 2>&1 &
    service=$!
    for _ in $(seq 600); do
        grep -q caps: "$folder/service" && break
        kill -0 $service 2>/dev/null || break
        sleep 0.1
    done
    cp "$folder/service" "$folder/output"
    url=$(sed -n 's#.*listening on \(http://[0-9.:]*\)/.*#\1#p' "$folder/service")
    profiles=$(sed -n 's#.*profiles at \(http://.*\)$#\1#p' "$folder/service")
    [ -n "$url" ] && [ -n "$profiles" ]
    check $? "fastenough-nnnn serves, and its profiles"
    [ -n "$profiles" ] || return
    request 5000 1 && request 5000 2 && request 5000 3
    check $? "three requests of 5,000 records"
    check_profile -sample_index=alloc_space heap worker_process
    check_profile "" mutex lock_release
    check_profile "" block lock_acquire
    check_profile "" threadcreate thread_start
    check_profile "" threads wait_for_more
    check_words
    (while request 2000 4; do :; done) &
    local load=$!
    check_cpu_profile
    kill $load
    wait $load 2>/dev/null
    kill $service
    wait $service
    local status=$?
    service=
    cp "$folder/service" "$folder/output"
    check $status "the service ends well"
}

check_programs 2000 b9baab9a7144c83b28684c9a89c87a8118649d89057b018be12d56badc5075aa 0c78b2d43dfeb1f5
check_programs 10000 52ce7be518fd9971286004f31e041cc091564e36e05cc62b59cd976b2d6e42cd 5ee1212a93d1dfc5
check_service
echo
echo "arm64: $checks checks, $failed failed; $missing cannot be made under qemu-user"
[ $failed -eq 0 ]
