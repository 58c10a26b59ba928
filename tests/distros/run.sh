#!/usr/bin/env bash
# Tries commands on a bare system of each release, and says what came of it, with what.
#     tests/distros/run.sh 'bookworm trixie sid' 'make compare QUICK=1; make test'
# The outputs are kept in $DISTROS/logs; a machine on which a command failed is kept, too. Exits 1 if one failed.
set -uo pipefail
here=$(dirname "$0")
machine=$here/machine.sh
logs=${DISTROS:-/var/tmp/fastenough-distros}/logs
read -ra releases <<<"$1"
IFS=';' read -ra commands <<<"$2"
# by the names that they have on all of the releases
packages='gcc clang libc6 libmicrohttpd-dev libbenchmark-dev valgrind libdw-dev libxml2-dev libprotobuf-c-dev libcjson-dev libcriterion-dev
          chromium python3 golang-go'
is_good=yes
declare -A cell

# "LABEL RELEASE" -> text, filled in as things come out
versions_of() { # FOLDER RELEASE
    local package
    cell[system $2]=$("$machine" in "$1" sh -c '. /etc/os-release; cat /etc/debian_version' 2>/dev/null)
    for package in $packages; do
        cell[${package%-dev} $2]=$("$machine" in "$1" dpkg-query -W -f '${Version}' "$package" 2>/dev/null |
            sed -E 's/^[0-9]+://; s/-[^-]*$//; s/[+~].*//')
    done
}

try() { # RELEASE
    local release=$1 folder command log counts start status failed=
    folder=$("$machine" new "$release") || { is_good=no; cell[system $release]='not made'; return; }
    trap '"$machine" drop "$folder"; exit 130' INT
    trap '"$machine" drop "$folder"; exit 143' TERM
    for command in "${commands[@]}"; do
        command=${command# }
        log=$logs/$release.$(tr -c 'a-zA-Z0-9=\n' - <<<"$command").log
        echo "== $release: $command"
        start=$SECONDS
        "$machine" in "$folder" bash -c "$command" 2>&1 | tee -i "$log"
        status=${PIPESTATUS[0]}
        counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
        cell[$command $release]="${counts:-$([[ $status -eq 0 ]] && echo passed || echo "failed ($status)")}, $((SECONDS - start)) s"
        [[ $status -eq 0 ]] || { is_good=no failed=yes; }
    done
    versions_of "$folder" "$release"
    trap - INT TERM
    if [[ -z $failed ]]; then
        "$machine" drop "$folder"
    else
        echo "This $release is kept. To look into it:  tests/distros/machine.sh in $folder" >&2
        echo "To remove it:  tests/distros/machine.sh drop $folder" >&2
    fi
}

row() { # LABEL
    printf '%-24s' "$1"
    for release in "${releases[@]}"; do printf ' | %-38s' "${cell[$1 $release]:--}"; done
    echo
}

mkdir -p "$logs" || exit 2
for release in "${releases[@]}"; do try "$release"; done
{
    echo
    echo "From bare, on $(date -u '+%-d %B %Y'): $(uname -sr), $(uname -m), $(nproc) CPUs"
    printf '%-24s' ''
    for release in "${releases[@]}"; do printf ' | %-38s' "$release"; done
    echo
    for command in "${commands[@]}"; do row "${command# }"; done
    for package in system $packages; do row "${package%-dev}"; done
} | sed 's/ *$//' | tee "$logs/table.txt"
echo "The outputs are in $logs."
[[ $is_good == yes ]]
