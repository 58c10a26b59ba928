#!/bin/sh
# Makes a student's folder: the lessons' files as they are handed out, and a page of instructions. Refuses
# to touch a folder that is there already.
#     bench/classroom/exercise.sh naive ~/hw key sort store workers
set -u

from=$1 folder=$2
shift 2 # the lessons are left
if [ -z "$folder" ]; then
    echo "Say where: make exercise DIR=~/hw" >&2
    exit 2
fi
case $folder in
'~/'*) folder=$HOME/${folder#'~/'} ;;
-*) folder=./$folder ;;
esac
if [ -e "$folder" ]; then
    echo "$folder is there already, and is left as it is. Name another folder, or remove it." >&2
    exit 1
fi
folder=${folder%"${folder##*[!/]}"} # without slashes at its end
case $folder in
*/*) parent=${folder%/*}/ ;; # as it is: $(dirname) would lose a newline at its end
*) parent=./ ;;
esac
mkdir -p "$parent" && made=$(mktemp -d "$parent.exercise-XXXXXX") || exit 1
trap 'rm -rf "$made"' EXIT
copy_files() {
    for lesson in "$@"; do
        cp "$from/$lesson.c" "$made/" || return 1
    done
}
if ! { copy_files "$@" && cp "${0%/*}/exercise.md" "$made/README.md" && chmod 755 "$made" && chmod 644 "$made"/* &&
       mv -T "$made" "$folder"; }; then
    echo "$folder could not be made." >&2
    exit 1
fi
trap - EXIT
echo "$folder: $(printf '%s.c, ' "$@")and README.md, which says what to do."
