#!/bin/sh
# Lays out the named packages of arm64, with all that they need, as a folder to compile and link with
# (--sysroot). They come from this machine's own sources, by an apt of their own: nothing is
# installed, and the system keeps its one architecture.
#     tests/arm64/sysroot.sh FOLDER libc6-dev libcjson-dev ...
set -eu

folder=$1
shift
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [ -f "$folder/.packages" ] && [ "$(cat "$folder/.packages")" = "$*" ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "The libraries for arm64 are Debian's packages: without apt-get and dpkg-deb they cannot be had." >&2
    exit 2
fi

apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
: >"$apt/status"
cat >"$apt/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "$(id -un)";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
END
echo "Fetching the libraries for arm64 ..."
if ! { APT_CONFIG=$apt/apt.conf apt-get update -q &&
       APT_CONFIG=$apt/apt.conf apt-get install -qy --no-install-recommends --download-only "$@"; } >"$apt/log" 2>&1; then
    tail -n 15 "$apt/log" >&2
    echo "The packages of arm64 could not be fetched: do this machine's sources have them? (Ubuntu's are at ports.ubuntu.com.)" >&2
    exit 2
fi
for package in "$apt"/archives/*.deb; do
    dpkg-deb -x "$package" "$folder"
done
rm -rf "$folder/etc" "$folder/usr/share" # a make that includes */*.d is not to find ld.so.conf.d
# newer releases have all of /lib in /usr/lib, and a link that comes with the system itself
[ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
echo "$*" >"$folder/.packages"
