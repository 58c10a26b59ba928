#!/bin/sh
# Sees to it that the named Debian packages are installed: names those that are missing and installs
# them, as root or with sudo. Where neither can be, prints the command and exits 2.
#     bench/packages.sh [--list] @compare gcc google-perftools? ...
# @compare and the like are groups: what a target of make needs, below. --list prints the names, and does nothing.
# One with a question mark is for some use that can be left out: a release that does not have it, or a
# machine where nobody may install it, is no error.
# PACKAGES=skip leaves everything as it is (for other distributions: tests/README.md has their names).
set -u

packages() { # of groups and packages
    for word in "$@"; do
        case $word in
        @service) packages gcc libc6-dev make libcjson-dev libsqlite3-dev zlib1g-dev libmicrohttpd-dev libdw-dev ;;
        @load) packages @service libgsl-dev wrk ;;
        @compare)
            packages @load g++ valgrind libc6-dbg libxml2-dev libprotobuf-c-dev protobuf-c-compiler protobuf-compiler \
                libbenchmark-dev esbuild libjs-chart.js node-d3-hierarchy node-d3-selection
            ;;
        @grade) packages @service @sanitizers binutils valgrind libc6-dbg util-linux ;;
        @sanitizers) # gcc brings its own; for clang-19, those of that version
            case ${CC:-} in *clang*) version=${CC##*clang} && packages "libclang-rt${version%% *}-dev?" ;; esac
            ;;
        @sandbox) packages bubblewrap ;; # what grading can do without
        @test)
            packages @compare @grade @sandbox @browser strace libcriterion-dev python3 python3-selenium golang-go \
                'google-perftools?' curl procps bsdutils patch \
                redis-server memcached nginx libjemalloc2 libtcmalloc-minimal4 pkgconf
            ;;
        @browser) [ -n "${CHROME:-}" ] || packages chromium chromium-driver ;; # or another one, which is there
        @fuzz) packages @service clang libclang-rt-dev ;;
        @notebooks)
            packages @compare python3 python3-nbconvert python3-nbclient python3-nbformat python3-ipykernel \
                python3-pandas python3-matplotlib fonts-dejavu-core
            ;;
        @lab) packages jupyter-notebook ;;
        @all) packages git ca-certificates @test @fuzz @notebooks @lab ;;
        @*)
            echo "packages.sh: there is no group $word" >&2
            exit 2
            ;;
        *) echo "$word" ;;
        esac
    done
}

set -f # the question mark is one
is_listed=
[ "${1:-}" != --list ] || { is_listed=yes && shift; }
names=$(packages "$@") || exit
names=$(echo "$names" | awk '!seen[$0]++')
[ -z "$is_listed" ] || { echo "$names" && exit; }
[ "${PACKAGES:-}" = skip ] && exit 0
needed= optional=
for package in $names; do
    case $package in
    *\?) optional="$optional ${package%\?}" ;;
    *) needed="$needed $package" ;;
    esac
done

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not a Debian system, so nothing can be installed for you. What is needed, by Debian's names:" >&2
    echo "   $needed" >&2
    echo "tests/README.md has the names elsewhere. Install them, and run this again with PACKAGES=skip." >&2
    exit 2
fi

missing_of() {
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
        [ "$status" = installed ] || printf ' %s' "$package"
    done
}

# of the release, as far as its lists are there
is_had() {
    [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]
}

leave_out() { # PACKAGE WHY
    echo "$1 $2: what needs it is left out, and says so." >&2
}

needed=$(missing_of $needed)
optional=$(missing_of $optional)
if is_had libc6; then # there are lists
    for package in $optional; do
        is_had "$package" || leave_out "$package" "is not in this release"
    done
    optional=$(for package in $optional; do ! is_had "$package" || printf ' %s' "$package"; done)
fi
[ -z "$needed$optional" ] && exit 0

echo "Missing packages:$needed$optional" >&2
command="apt-get install -y --no-install-recommends$needed$optional"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=sudo # asks for the password where somebody is there to give it
else
    echo "They have to be installed by root, once:" >&2
    echo "    apt-get update && $command" >&2
    [ -z "$needed" ] || exit 2
    leave_out "${optional# }" "is not there yet"
    exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $needed $optional
}

echo "Installing them (apt-get ${as_root:+with sudo, }takes a minute or two) ..." >&2
if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
       optional=$(for package in $optional; do ! is_had "$package" || printf ' %s' "$package"; done) &&
       install; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "The packages could not be installed. Try it yourself, as root:" >&2
    echo "    apt-get update && $command" >&2
    exit 2
fi
