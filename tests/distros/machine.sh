#!/usr/bin/env bash
# Bare Debian systems to try things in as on a new machine. Each is a folder below $DISTROS. As root.
#     tests/distros/machine.sh new trixie              makes one, with this checkout's tracked files as a checkout in /project; prints its folder
#     tests/distros/machine.sh in FOLDER COMMAND...    runs a command in it, in /project; a shell without one
#     tests/distros/machine.sh drop FOLDER             removes it
# They are copies of a template (debootstrap's minbase, with git, make and ca-certificates) that is made once a month and
# release. The mirror, the proxies and what else apt needs to reach it are this machine's; MIRROR= names another mirror.
# Packages that were fetched once are kept for the next one.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
distros=${DISTROS:-/var/tmp/fastenough-distros}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
    echo "machine.sh: $*" >&2
    exit 2
}

# "URL SUITE" of each source that this machine's apt has, however its files are written.
sources() {
    ! command -v apt-get >/dev/null || apt-get update --print-uris 2>/dev/null | sed -nE "s,^'(.*)/dists/([^/]*)/InRelease'.*,\1 \2,p"
}

source_that_ends_in() {
    sources | awk -v end="/$1" 'substr($1, length($1) - length(end) + 1) == end { print $1; exit }'
}

# What apt is told besides: FOLDER MIRROR RELEASE
write_apt() {
    local security suites=$3 by="[signed-by=$keyring]"
    [[ $3 == sid || $3 == unstable ]] || suites="$3 $3-updates"
    rm -f "$1"/etc/apt/sources.list.d/*
    for suite in $suites; do echo "deb $by $2 $suite main"; done >"$1/etc/apt/sources.list"
    security=$(source_that_ends_in debian-security)
    [[ $suites == "$3" || -z $security ]] || echo "deb $by $security $3-security main" >>"$1/etc/apt/sources.list"
    ! command -v apt-config >/dev/null ||
        apt-config dump | grep -E '^Acquire::(https?|ftp|Retries|Check-|ForceIPv)' >"$1/etc/apt/apt.conf.d/90fastenough" || true
    echo 'force-unsafe-io' >"$1/etc/dpkg/dpkg.cfg.d/fastenough" # it need not outlive a power failure
}

bootstrap() { # RELEASE FOLDER MIRROR LOG [OPTION]: what debootstrap mounts goes with it
    unshare --mount debootstrap ${5:-} --variant=minbase --include=git,make,ca-certificates --cache-dir="$distros/debs/$1" \
        "$1" "$2" "$3" >"$4" 2>&1
}

make_template() {
    local release=$1 template=$distros/template-$1 part=$distros/template-$1.part log=$distros/template-$1.log mirror
    mkdir -p "$distros/debs/$release"
    exec 9>"$distros/template-$release.lock"
    flock 9
    [[ -z $(find "$template" -maxdepth 0 -mtime -30 2>/dev/null) ]] || return 0
    command -v debootstrap >/dev/null || fail "debootstrap is not installed: apt-get install debootstrap"
    mirror=${MIRROR:-$(source_that_ends_in debian)}
    : "${mirror:=http://deb.debian.org/debian}"
    echo "Making a bare $release from $mirror ..." >&2
    trap 'rm -rf --one-file-system "$distros/template-'"$release"'.part"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    rm -rf --one-file-system "$part" "$template"
    if ! bootstrap "$release" "$part" "$mirror" "$log"; then
        if grep -q 'signed by unknown key' "$log"; then
            echo "This machine's debian-archive-keyring has no key of $release: its signature is not checked." >&2
            rm -rf --one-file-system "$part"
            bootstrap "$release" "$part" "$mirror" "$log" --no-check-gpg || true
        fi
        if ! tail -n 1 "$log" | grep -q 'Base system installed successfully'; then
            tail -n 5 "$log" >&2
            fail "no bare $release could be made. Is there a network, and does $mirror have $release? MIRROR= names another one."
        fi
    fi
    grep 'Cannot check Release signature' "$log" >&2 || true
    write_apt "$part" "$mirror" "$release"
    touch "$part" # its age counts from now
    mv "$part" "$template"
    trap - EXIT INT TERM
    exec 9>&-
}

new() {
    local release=$1 machine
    git -C "$here" rev-parse --show-toplevel >/dev/null 2>&1 || fail "takes the tracked files of a git checkout, and this is none"
    make_template "$release"
    machine=$(mktemp -d "$distros/$release.XXXXXX")
    trap 'rm -rf --one-file-system "'"$machine"'"' EXIT
    chmod 755 "$machine"
    cp -a "$distros/template-$release/." "$machine/"
    for file in /etc/resolv.conf /etc/hosts; do [[ ! -e $file ]] || cp -L "$file" "$machine/etc/"; done
    env | grep -iE '^(https?|ftp|no)_proxy=' >"$machine/etc/environment" || true
    mkdir "$machine/project"
    (cd "$(git -C "$here" rev-parse --show-toplevel)" && git ls-files -z | tar --null -T - -cf -) | tar -xf - -C "$machine/project"
    git -C "$machine/project" init -q
    git -C "$machine/project" add -A
    trap - EXIT
    echo "$machine"
}

# In namespaces of its own, so that nothing stays mounted or running; and not by chroot, in which other things fail than on
# a machine (namespaces of users, say).
inside() {
    local machine=$1 release
    release=$(basename "$machine")
    release=${release%.*}
    shift
    [[ -d $machine/project ]] || fail "there is no machine in $machine"
    [[ $# -gt 0 ]] || set -- bash
    exec unshare --mount --pid --fork --kill-child bash -c '
        set -eu
        machine=$1 debs=$2
        shift 2
        mount --make-rprivate /
        mount --bind "$machine" "$machine"
        mkdir -p "$machine/.old"
        mount -t proc proc "$machine/proc"
        mount --rbind /sys "$machine/sys"
        mount --rbind /dev "$machine/dev"
        mount --bind "$debs" "$machine/var/cache/apt/archives"
        cd "$machine"
        pivot_root . .old
        umount -l /.old
        rmdir /.old
        cd /project
        trap "exit 130" INT
        trap "exit 143" TERM
        set +e
        env -i --default-signal=INT,QUIT HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
            $(cat /etc/environment) "$@"
        exit $?' machine "$(realpath "$machine")" "$distros/debs/$release" "$@"
}

[[ $(id -u) -eq 0 ]] || fail "needs root, as debootstrap and mount do: sudo make test-distros"
unshare --mount true 2>/dev/null || fail "may not mount here, as in most containers: this needs a machine, or a virtual one"
case "${1:-} $#" in
"new 2") new "$2" ;;
in\ [2-9]* | in\ 1?*) shift && inside "$@" ;;
"drop 2") rm -rf --one-file-system "$2" ;;
*) sed -n '2,8s/^# //p' "$0" >&2 && exit 2 ;;
esac
