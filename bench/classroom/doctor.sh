#!/bin/sh
# What of the packages is installed, in which version, and what is lost without the others. Looks, and changes
# nothing; works before anything is built.
#     bench/classroom/doctor.sh "make compare: gcc valgrind ..." "make grade: bubblewrap ..."
# Exit status: 0 if all of the first group is there, 1 if not.
set -u

version() { # of a program, in a line
    command -v "$1" >/dev/null 2>&1 || return 1
    case $1 in
    wrk) wrk -v 2>&1 | head -n 1 | cut -d ' ' -f 1-2 ;;
    *) "$1" --version 2>/dev/null | head -n 1 ;;
    esac
}

echo "Programs"
while read -r program package use; do
    if text=$(version "$program"); then
        printf '  %-12s %s\n' "$program" "$text"
    else
        printf '  %-12s missing: %s. apt-get install %s\n' "$program" "$use" "$package"
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
status=0 first=yes
for group in "$@"; do
    name=${group%%:*} missing=
    if command -v dpkg-query >/dev/null 2>&1; then
        for package in ${group#*:}; do
            package=${package%\?}
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
        done
        if [ -z "$missing" ]; then
            printf '  %-16s all there\n' "$name"
        else
            printf '  %-16s missing:%s\n' "$name" "$missing"
            printf '  %-16s to mend it: apt-get install --no-install-recommends%s\n' '' "$missing"
            [ "$first" = yes ] && status=1
        fi
    else
        printf '  %-16s not a Debian system: README.md has the names elsewhere\n' "$name"
    fi
    first=no
done
exit $status
