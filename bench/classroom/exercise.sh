#!/bin/sh
# Makes a student's folder: the lessons' files as they are handed out, and a page of instructions. Refuses
# to touch a folder that is there already.
#     bench/classroom/exercise.sh naive ~/hw key sort store workers
set -u

from=$1 folder=$2
shift 2 # the lessons are left
said=$(printf '%s.c, ' "$@")
for lesson in "$@"; do
    shift
    set -- "$@" "$from/$lesson.c"
done
"${0%/*}/new_folder.sh" exercise "$folder" "$@" "README.md=${0%/*}/exercise.md" || exit
case $folder in
'~/'*) folder=$HOME/${folder#'~/'} ;;
esac
echo "$folder: ${said}and README.md, which says what to do."
