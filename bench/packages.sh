#!/bin/sh
# Sees to it that the named Debian packages are installed: names those that are missing and installs
# them, as root or with sudo. Where neither can be, prints the command and exits 2.
#     bench/packages.sh gcc libcjson-dev ...
# PACKAGES=skip leaves everything as it is (for other distributions: README.md has their names).
set -u

[ "${PACKAGES:-}" = skip ] && exit 0
if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not a Debian system, so nothing can be installed for you. What is needed, by Debian's names:" >&2
    echo "    $*" >&2
    echo "README.md has the names elsewhere. Install them, and run this again with PACKAGES=skip." >&2
    exit 2
fi

missing=
for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "Missing packages:$missing" >&2
command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=sudo # asks for the password where somebody is there to give it
else
    echo "They have to be installed by root, once:" >&2
    echo "    apt-get update && $command" >&2
    exit 2
fi

echo "Installing them (apt-get ${as_root:+with sudo, }takes a minute or two) ..." >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
       $as_root env DEBIAN_FRONTEND=noninteractive $command; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "The packages could not be installed. Try it yourself, as root:" >&2
    echo "    apt-get update && $command" >&2
    exit 2
fi
