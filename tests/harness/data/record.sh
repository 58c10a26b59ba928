#!/bin/sh
# record.sh - records the test data of the readers anew, with the tools that are installed here.
#
# The data in the repository came from Valgrind 3.19 and Google Benchmark 1.7.1 (Debian 12). The
# tests compare them with what the tools themselves printed (*.txt, recorded in the same run) and with
# what the programs beside this script do by construction, so a new recording needs no new tests.
# Build the project first (make): the documents of `fastenough run --json` are recorded as well.
set -eu

data=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

gcc -std=gnu11 -O2 -g -ffile-prefix-map="$data"=/sample -o sample "$data/sample.c"
gcc -std=gnu11 -O2 -g -static -ffile-prefix-map="$data"=/sample -o sample-static "$data/sample.c"
gcc -std=gnu11 -O2 -g -ffile-prefix-map="$data"=/sample -o threads "$data/threads.c" -pthread
g++ -O2 -o bench "$data/bench.cc" -lbenchmark -pthread

# No ASLR and an empty environment: the counts are the same on each run.
run()
{
    env -i PATH=/usr/bin:/bin setarch -R valgrind "$@"
}

callgrind()
{
    name=$1
    program=$2
    shift 2
    run --tool=callgrind --log-file="$name.log" --callgrind-out-file="callgrind.$name.out" "$@" \
        "./$program" >/dev/null
    callgrind_annotate --auto=no --threshold=100 "callgrind.$name.out" |
        sed -n '/Ir .*file:function/,$p;/PROGRAM TOTALS/p' >"callgrind.$name.txt"
    grep Collected "$name.log" >>"callgrind.$name.txt"
    callgrind_annotate --auto=no --inclusive=yes --threshold=100 "callgrind.$name.out" |
        grep "sample/sample.c:" >"callgrind.$name.inclusive.txt"
}

callgrind plain sample --toggle-collect=main
callgrind names sample --toggle-collect=main --separate-recs=1 --compress-strings=no \
    --compress-pos=no
callgrind instr sample --toggle-collect=sort_numbers --toggle-collect=key_build --dump-instr=yes \
    --collect-jumps=yes --branch-sim=yes --cache-sim=yes \
    --I1=32768,8,64 --D1=32768,8,64 --LL=8388608,16,64
callgrind whole sample-static

run --tool=dhat --log-file=dhat.txt --dhat-out-file=dhat.json ./sample >/dev/null
run --tool=massif --log-file=massif.log --massif-out-file=massif.heap.out --time-unit=i \
    --max-snapshots=20 ./sample >/dev/null
run --tool=massif --log-file=massif.log --massif-out-file=massif.pages.out \
    --time-unit=i --pages-as-heap=yes --max-snapshots=20 ./threads
run --tool=massif --log-file=massif.log --massif-out-file=massif.stacks.out --time-unit=B \
    --stacks=yes --max-snapshots=20 ./threads
run --tool=drd --exclusive-threshold=10 --xml=yes --xml-file=drd.race.xml ./threads race
run --tool=drd --exclusive-threshold=10 --xml=yes --xml-file=drd.clean.xml ./threads
run --log-file=memcheck.lost.log ./sample >/dev/null
run --log-file=memcheck.clean.log ./threads
./bench --benchmark_format=json --benchmark_min_time=0.01 >gbench.plain.json 2>gbench.log
./bench --benchmark_format=json --benchmark_min_time=0.01 --benchmark_filter=store/fill \
    --benchmark_repetitions=3 >gbench.repeated.json 2>>gbench.log

"$data/../../../build/bin/fastenough" generate 2000 --seed 1 >records.ndjson
for variant in nnnn ffff; do
    "$data/../../../build/bin/fastenough-$variant" run records.ndjson --json >"run.$variant.json"
done

# a CPU profile, and what Go's pprof reads in it; built in /sample, so that nobody's folders are in it
(cd /sample && build/bin/fastenough generate 20000) >cpu.ndjson
/sample/build/bin/fastenough-nnnn run cpu.ndjson --workers 1 --request 20000 --repeat 10 --quiet \
    --cpu-profile cpu.pb.gz >/dev/null
go tool pprof -top -cum -unit=ns -nodecount=1000 cpu.pb.gz 2>/dev/null >cpu.txt
cp cpu.pb.gz "$data/"

# strace.txt stays as it is: strace 6.1's table of a program that starts a thread and a child. Its numbers
# are the C library's, and tests/harness/strace.c has them from there.

rm -f massif.log gbench.log plain.log instr.log names.log whole.log
for file in *.out *.txt *.json *.xml *.log; do
    sed -e "s|$work|/sample|g" -e 's|"host_name": ".*"|"host_name": "classroom"|' \
        "$file" >"$data/$file"
done
ls -l "$data"
