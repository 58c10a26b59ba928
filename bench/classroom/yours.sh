#!/bin/sh
# Takes a student's files into a folder that programs are built from; those that are there already stay as
# they are, so that nothing is built twice.
#     bench/classroom/yours.sh ~/hw build/yours/fixed key sort store workers
set -u

student=$1 folder=$1 copies=$2
shift 2 # the lessons are left
case $folder in
'~/'*) folder=$HOME/${folder#'~/'} ;;
-*) folder=./$folder ;;
esac
mkdir -p "$copies" || exit 1
for lesson in "$@"; do
    file=$lesson.c
    if [ ! -r "$folder/$file" ]; then
        echo "There is no $file to be read in $student. 'make exercise DIR=$student' makes the files there." >&2
        exit 2
    fi
    cmp -s "$folder/$file" "$copies/$file" || cp "$folder/$file" "$copies/" || exit 1
done
