#!/bin/sh
# Makes what is embedded into whatever renders the page: bench/report/embed.sh FOLDER LICENCE...
# Of bench/report/page/, esbuild makes one file of the styles, and one of the modules and of what they import: Debian's
# packages, or a node_modules with chart.js 3, d3-hierarchy and d3-selection, in $NODE_PATH. The licences are theirs.
set -eu

folder=$1
shift
esbuild() {
    command esbuild --bundle --minify --charset=utf8 --log-level=warning "$@"
}

for file in "$@"; do
    echo "== $file"
    echo
    cat "$file"
    echo
done >"$folder/licences.txt"
esbuild bench/report/page/style.css --outfile="$folder/style.css"
# Debian's has a name of its own
chart=/usr/share/javascript/chart.js/chart.esm.js
[ -e "$chart" ] || chart=
# last, as this is the one that make looks at
esbuild bench/report/page/main.js --format=iife --target=es2019 --legal-comments=inline \
    ${chart:+--alias:chart.js="$chart"} --outfile="$folder/script.js"
