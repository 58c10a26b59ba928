#!/bin/sh
# Writes a callgrind profile to standard output with its paths changed to where sources and programs are
# now, so that a viewer finds both wherever the folder was moved.
#     bench/open/relocate.sh PROFILE SOURCES PROGRAMS
# SOURCES holds naive/, fixed/ and common/; PROGRAMS holds fastenough-nnnn and so on. KCachegrind
# looks for relative ones from the folder that it was started in. Paths of the system's libraries stay.
set -eu

[ $# -eq 3 ] || { echo "usage: bench/open/relocate.sh PROFILE SOURCES PROGRAMS" >&2; exit 2; }

# Read twice: first for the folder that the program was built in, then to write. A name stands behind its
# number where it is seen first; later lines have the number alone.
SOURCES=$2 PROGRAMS=$3 exec awk '
    function place(line) { return match(line, /^[cj]?(ob|fl|fi|fe)=(\([0-9]+\) )?/) ? RLENGTH : 0 }
    BEGIN { sources = ENVIRON["SOURCES"]; programs = ENVIRON["PROGRAMS"] }
    NR == FNR {
        if (!is_known && (at = place($0)) && match($0, /(naive|fixed|common)\/[a-z_\/]+\.[ch]$/)) {
            built = substr($0, at + 1, RSTART - at - 1)
            is_known = built == "" || built ~ /\/$/
        }
        next
    }
    (at = place($0)) && length($0) > at {
        path = substr($0, at + 1)
        if (match(path, /fastenough-[nf]+$/))
            path = programs "/" substr(path, RSTART)
        else if (is_known && index(path, built) == 1 &&
                 substr(path, length(built) + 1) ~ /^(naive|fixed|common)\//)
            path = sources "/" substr(path, length(built) + 1)
        print substr($0, 1, at) path
        next
    }
    { print }' "$1" "$1"
