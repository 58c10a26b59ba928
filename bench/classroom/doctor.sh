#!/bin/sh
# What of the programs and packages is installed, in which version, whether it works, and what is lost without the
# others. Looks, and changes nothing; works before anything is built.
#     bench/classroom/doctor.sh "make compare: gcc valgrind ..." "make grade: bubblewrap ..."
# Exit status: 0 if all of the first group is there and what it needs works, 1 if not.
set -u

made=$(mktemp -d) || exit 1
trap 'rm -rf "$made"' EXIT
main='int main(void) { return 0; }'
# as all that is started by make compare and make grade gets it
case $(ulimit -n) in unlimited | ?????*) ulimit -S -n 4096 ;; esac

version() { # of a program, in a line
    command -v "$1" >/dev/null 2>&1 || return 1
    case $1 in
    wrk) wrk -v 2>&1 | head -n 1 | cut -d ' ' -f 1-2 ;;
    *) "$1" --version 2>/dev/null | head -n 1 ;;
    esac
}

try() { # a program, at the least that it is there for
    case $1 in
    gcc | clang) echo "$main" | "$1" -x c -o "$made/a.out" - && "$made/a.out" ;;
    g++) echo "${main%%(*}() {}" | "$1" -x c++ -o "$made/a.out" - && "$made/a.out" ;;
    make) echo 'all: ; @true' | make -s -f - ;;
    valgrind) valgrind -q --tool=dhat --dhat-out-file=/dev/null true && valgrind -q --tool=memcheck true ;;
    bwrap) bwrap --unshare-all --ro-bind / / true ;;
    setpriv) setpriv --no-new-privs true ;;
    python3) python3 -c '' ;;
    wrk) wrk -v | grep -q '^wrk' ;; # which fails of itself
    *) "$1" --version ;;
    esac
}

installed() { # a package; where there are no packages of Debian's, nobody knows
    command -v dpkg-query >/dev/null 2>&1 || return 2
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

reason() { # what it said, from the line on that names the error, and no more than fits a screen
    from=$(grep -n -i -m 1 -E 'fatal|error|cannot|denied|not permitted' "$made/said" | cut -d : -f 1)
    tail -n "+${from:-1}" "$made/said" | tr -d '\000-\010\013-\037\177' | cut -c 1-160 | head -n 20 | sed 's/^/      /'
}

status=0
echo "Programs"
while read -r program package use; do
    if ! text=$(version "$program"); then
        printf '  %-12s missing: %s. apt-get install %s\n' "$program" "$use" "$package"
    elif try "$program" >"$made/said" 2>&1 </dev/null; then
        printf '  %-12s %s\n' "$program" "$text"
    else
        printf '  %-12s %s: does not work, so: %s. It says:\n' "$program" "$text" "$use"
        reason
        case $program in gcc | g++ | make | valgrind) status=1 ;; esac
    fi
    # it is only recommended with it, and left out by --no-install-recommends
    if [ "$program" = valgrind ] && [ -n "$text" ] && { installed libc6-dbg; [ $? -eq 1 ]; }; then
        printf '  %-12s without libc6-dbg it cannot replace functions of the C library. apt-get install libc6-dbg\n' ''
    fi
done <<'END'
gcc gcc nothing can be built
g++ g++ no benchmarks in make compare
make make nothing can be built
valgrind valgrind no callgrind, DHAT, massif, memcheck, DRD: no comparison, no grades
wrk wrk no chapter on load in make compare, no make load
bwrap bubblewrap grading is less contained
setpriv util-linux grading is less contained
clang clang no make fuzz
jupyter jupyter no notebooks
python3 python3 some of the tests
git git nothing but the history
END

echo
echo "Packages"
first=yes
for group in "$@"; do
    name=${group%%:*} missing=
    if command -v dpkg-query >/dev/null 2>&1; then
        for package in ${group#*:}; do
            package=${package%\?}
            installed "$package" || missing="$missing $package"
        done
        if [ -z "$missing" ]; then
            printf '  %-16s all there\n' "$name"
        else
            printf '  %-16s missing:%s\n' "$name" "$missing"
            printf '  %-16s to mend it: apt-get install --no-install-recommends%s\n' '' "$missing"
            [ "$first" = yes ] && status=1
        fi
    else
        printf '  %-16s not a Debian system: tests/README.md has the names elsewhere\n' "$name"
    fi
    first=no
done
exit $status
