#!/bin/sh
# Opens the naive and the fixed profile of one lesson in KCachegrind, each in a window of its own, with
# sources and assembly found where they are now.
#     bench/open/kcachegrind.sh FOLDER LESSON SOURCES PROGRAMS
# Of results of two commands, which have no lessons, before and after.
# FOLDER is one of results, SOURCES has naive/ and fixed/ in it, PROGRAMS fastenough-nnnn and so on.
# Without a display: says what to copy where. Exit status: 0; 1 if something is missing, 2 for a command
# line that makes no sense.
set -eu

[ $# -eq 4 ] || { echo "usage: kcachegrind.sh FOLDER LESSON SOURCES PROGRAMS" >&2; exit 2; }
here=$(dirname "$0") folder=$1 lesson=$2
sides="naive fixed" names=callgrind.out.$lesson.
pair=
if [ -z "$lesson" ] && [ -e "$folder/raw/callgrind.out.before" ]; then
    pair=1 sides="before after" names=callgrind.out.
elif [ -z "$lesson" ] && [ -e "$folder/raw/callgrind.out.naive" ]; then # a kit's
    pair=1 names=callgrind.out.
elif [ -z "$lesson" ] || [ ! -e "$3/naive/$lesson.c" ]; then
    echo "Say which: FIX=key (or any of: $(cd "$3/naive" && echo *.c | sed 's/\.c$//; s/\.c /, /g'))" >&2
    exit 2
fi
sources=$(cd "$3" && pwd) programs=$(cd "$4" 2>/dev/null && pwd) || programs=$4

annotate="make annotate${lesson:+ FIX=$lesson}"
[ -e "$here/../packages.sh" ] || annotate="./open.sh annotate${lesson:+ $lesson}"

for side in $sides; do
    profile=$folder/raw/$names$side
    [ -r "$profile" ] && continue
    echo "There is no $profile. \`make compare\`${lesson:+ (or \`make compare FIX=$lesson\`)} writes it." >&2
    exit 1
done

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "There is no display here. On a machine that has one, with KCachegrind (QCachegrind on macOS and Windows):"
    echo
    if [ -e "$here/../packages.sh" ]; then
        cat <<END
    make bundle      here: it packs profiles, sources and programs into bench/results/fastenough-*.tar.gz
                     copy that file there, unpack it (tar xzf), and in its folder:
END
    else
        echo "    copy this folder there, and in it:"
    fi
    for side in $sides; do
        echo "    kcachegrind raw/$names$side &"
    done
    cat <<END

The same as text, here and now: $annotate
END
    exit 0
fi

viewer=$(command -v kcachegrind || command -v qcachegrind || true)
if [ -z "$viewer" ] && [ -x "$here/../packages.sh" ]; then
    "$here/../packages.sh" kcachegrind binutils
    viewer=$(command -v kcachegrind || true)
fi
if [ -z "$viewer" ]; then
    echo "KCachegrind is not installed (Debian: apt-get install kcachegrind binutils)." >&2
    exit 1
fi

copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT
trap 'exit 130' INT TERM HUP
for side in $sides; do
    profile=$folder/raw/$names$side
    if [ -n "$pair" ]; then # its paths are where it was built, or lead from the top of a bundle
        cp "$profile" "$copies/$names$side"
        continue
    fi
    "$here/relocate.sh" "$profile" "$sources" "$programs" >"$copies/$names$side"
    program=$(sed -n 's/^c\{0,1\}ob=([0-9]*) \(.*\/fastenough-[nf]*\)$/\1/p' "$copies/$names$side" | head -n 1)
    if [ ! -r "$program" ]; then
        echo "Mind: $program is not there, so no assembly is shown. \`make\` builds it." >&2
    elif [ "$program" -nt "$profile" ]; then
        echo "Mind: $program was built after this was measured, so its assembly may be another." >&2
    fi
done
echo "Opening ${lesson:+$lesson, }${sides% *} and ${sides#* }, from $folder. This ends when both windows are closed." >&2
# One process each: given both, KCachegrind adds them up as parts of one run.
for side in $sides; do
    "$viewer" "$copies/$names$side" &
done
wait
