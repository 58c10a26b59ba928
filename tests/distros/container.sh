#!/usr/bin/env bash
# Runs a command under what Docker refuses by default, without Docker. As root:
#     tests/distros/container.sh BUILD COMMAND...
# Those are: a fixed layout, ptrace, perf_event_open, keys, namespaces and mounts (refuse.c); the capabilities of a machine's
# root; /proc/sys, and writing to /sys; a /dev/shm of more than 64 MB; and more than PIDS threads (8192).
# USER_NAME= is who runs it (root). What cannot be taken away here is said.
set -euo pipefail
build=$1
shift
pids=${PIDS:-8192}
user=${USER_NAME:-root}
home=$(getent passwd "$user" | cut -d: -f6)
keeps=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap

fail() {
    echo "container.sh: $*" >&2
    exit 2
}

[[ $(id -u) -eq 0 ]] || fail "needs root, to take rights away: sudo make test-container"
unshare --mount true 2>/dev/null || fail "may not mount here: this is a container already, it seems"

# a group of its own for the limit of threads, in version 1 or 2 of them
group=
for root in /sys/fs/cgroup/pids /sys/fs/cgroup; do
    if mkdir "$root/fastenough-$$" 2>/dev/null; then
        if [[ -e $root/fastenough-$$/pids.max ]]; then
            group=$root/fastenough-$$
            break
        fi
        rmdir "$root/fastenough-$$"
    fi
done
if [[ -n $group ]]; then
    trap 'rmdir "$group"' EXIT
    echo "$pids" >"$group/pids.max"
else
    echo "container.sh: there is no group for a limit of threads here, so there is none." >&2
fi

status=0
unshare --mount --pid --fork --kill-child bash -c '
    set -eu
    group=$1 build=$2 user=$3 keeps=$4
    shift 4
    [ -z "$group" ] || echo 0 >"$group/cgroup.procs"
    mount --make-rprivate /
    mount -t proc proc /proc
    mount -t tmpfs -o ro none /proc/sys
    mount -o remount,ro,bind /sys
    mount -t tmpfs -o size=64m none /dev/shm
    trap "exit 130" INT
    trap "exit 143" TERM
    set +e
    "$build/tests/refuse" setpriv --reuid "$user" --regid "$user" --init-groups --bounding-set "$keeps" --inh-caps=-all "$@"
    exit $?' container "$group" "$(realpath "$build")" "$user" "$keeps" env HOME="$home" USER="$user" "$@" || status=$?
exit $status
