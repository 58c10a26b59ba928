#!/bin/sh
# Takes the picture of a page, as README.md shows one: bench/report/picture.sh FOLDER PICTURE, by $CHROME, with a profile of
# its own, which looks nothing up and leaves nothing.
set -eu

profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
# CHROME may be a command and its options
$CHROME --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --user-data-dir="$profile" --hide-scrollbars --window-size=1300,830 --screenshot="$2" \
    "file://$(realpath "$1")/index.html" >"$profile/log" 2>&1 || { tail -n 5 "$profile/log" >&2; exit 1; }
echo "$2: $(wc -c <"$2") bytes"
