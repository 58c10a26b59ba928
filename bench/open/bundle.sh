#!/bin/sh
# Packs a folder of results into one archive that needs nothing of this machine: the report, the raw
# files, the sources, the programs that were measured, and what they open with.
#     bench/open/bundle.sh FOLDER SOURCES PROGRAMS
# Writes fastenough-<name of the results>.tar.gz beside the results, all of it or nothing. Exit status: 0;
# 1 if that failed; 2 for a command line that makes no sense.
set -eu

[ $# -eq 3 ] || { echo "usage: bench/open/bundle.sh FOLDER SOURCES PROGRAMS" >&2; exit 2; }
here=$(dirname "$0") sources=$2 programs=$3
if [ ! -r "$1/compare.json" ]; then
    echo "There are no results in $1. \`make compare\` writes them; RESULTS=FOLDER names others." >&2
    exit 1
fi
folder=$(cd "$1" && pwd -P)
name=fastenough-$(basename "$folder")
archive=$(dirname "$folder")/$name.tar.gz

fail() {
    echo "The bundle could not be made: $1" >&2
    exit 1
}
work=$(mktemp -d "$(dirname "$folder")/.bundle-XXXXXX") || fail "is $(dirname "$folder") writable?"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

bundle=$work/$name
mkdir "$bundle" "$bundle/bin" "$bundle/text" "$bundle/sources" || fail "no room in $work?"
cp -R "$folder/." "$bundle/" 2>/dev/null || fail "the results cannot be copied. Is there room in $(dirname "$folder")?"
pair=
[ ! -e "$folder/raw/callgrind.out.before" ] && [ ! -e "$folder/raw/callgrind.out.naive" ] || pair=1
# Two commands: what of their sources and programs is not the system's, where the profiles have it from. The
# profiles lead there from the top of the bundle.
own_files() {
    sed -n 's/^c\{0,1\}\(ob\|fl\|fi\|fe\)=\(([0-9]*) \)\{0,1\}\(\/.*\)$/\3/p' "$folder"/raw/callgrind.out.* | sort -u |
        grep -v -e '^/usr/' -e '^/lib' -e '^/bin/'
}
copy_own() { # what cannot be read is not there to be seen
    own_files | while IFS= read -r file; do
        [ -r "$file" ] || continue
        mkdir -p "$bundle/sources$(dirname "$file")" && cp "$file" "$bundle/sources$file" || exit 1
    done
}
lead_to_own() { # PROFILE
    FOLDER=$bundle/sources awk '
        match($0, /^c?(ob|fl|fi|fe)=(\([0-9]+\) )?\//) {
            path = substr($0, RLENGTH)
            if ((getline line < (ENVIRON["FOLDER"] path)) >= 0) {
                close(ENVIRON["FOLDER"] path)
                print substr($0, 1, RLENGTH - 1) "sources" path
                next
            }
        }
        { print }' "$1"
}
if [ -n "$pair" ]; then
    copy_own || fail "the commands' sources cannot be copied"
    for profile in "$folder"/raw/callgrind.out.*; do
        lead_to_own "$profile" >"$bundle/raw/$(basename "$profile")" || fail "$profile cannot be rewritten"
    done
    "$programs/annotate" "$folder" >"$bundle/text/annotate.txt" || fail "annotate failed"
fi
parts="naive fixed common bench tests notebooks Makefile README.md LICENSE"
[ -z "$pair" ] || parts=LICENSE
for part in $parts; do
    [ ! -e "$sources/$part" ] || (cd "$sources" && tar cf - --exclude=bench/results "$part") | tar xf - -C "$bundle/sources" ||
        fail "$part cannot be copied"
done

# The profiles point from the top of the bundle to sources and programs: KCachegrind looks from where it
# was started, which works wherever this is unpacked.
for profile in "$folder"/raw/callgrind.out.*; do
    [ -z "$pair" ] && [ -e "$profile" ] || continue
    "$here/relocate.sh" "$profile" sources bin >"$bundle/raw/$(basename "$profile")" || fail "$profile cannot be rewritten"
done
# Those programs whose assembly the profiles of the lessons show.
newer=
for code in $(sed -n 's/^c\{0,1\}ob=([0-9]*) .*\/fastenough-\([nf]*\)$/\1/p' "$bundle"/raw/callgrind.out.*.naive \
                 "$bundle"/raw/callgrind.out.*.fixed 2>/dev/null | sort -u); do
    program=$programs/fastenough-$code
    [ -r "$program" ] || { newer="$newer $code"; continue; }
    [ ! "$program" -nt "$folder/compare.json" ] || newer="$newer $code"
    cp "$program" "$bundle/bin/" || fail "$program cannot be copied"
done
for profile in "$bundle"/raw/callgrind.out.*.naive; do
    [ -z "$pair" ] && [ -e "$profile" ] || continue
    lesson=${profile##*/callgrind.out.}
    lesson=${lesson%.naive}
    "$programs/annotate" "$bundle" "$lesson" "$sources" >"$bundle/text/annotate.$lesson.txt" || fail "annotate failed for $lesson"
done
cp "$programs/annotate" "$here/kcachegrind.sh" "$here/relocate.sh" "$bundle/bin/" || fail "no room in $work?"
cp "$here/bundled.sh" "$bundle/open.sh" || fail "no room in $work?"
cp "$here/README.md" "$bundle/README.md" || fail "no room in $work?"
chmod -R u=rwX,go=rX "$bundle"

tar czf "$work/archive" -C "$work" "$name" || fail "no room in $work?"
mv "$work/archive" "$archive" || fail "$archive cannot be written"
[ -z "$newer" ] || echo "Mind: rebuilt since, or gone:$newer. Their assembly may not fit the profiles; \`make compare\` measures anew." >&2
echo "$archive ($(du -h "$archive" | cut -f 1))"
