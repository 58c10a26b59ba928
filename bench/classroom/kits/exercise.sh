#!/bin/sh
# Makes a student's folder of a kit: the naive files as they are handed out, what is shared, so that it can be
# built by hand, and the page that goes with it.
#     bench/classroom/kits/exercise.sh bench/kits/layout ~/hw build/bin/kit
set -u

kit=$1 folder=$2 program=$3
case $kit in
'~/'*) kit=$HOME/${kit#'~/'} ;;
-*) kit=./$kit ;;
esac
page=$(mktemp) || exit 1
trap 'rm -f "$page"' EXIT
"$program" --kit "$kit" --page >"$page" || exit
set -- "$kit"/naive/*
for file in "$kit"/*; do
    case ${file##*/} in
    naive | fixed | kit.json | README.md) ;;
    *) set -- "$@" "$file" ;;
    esac
done
"${0%/*}/../new_folder.sh" exercise "$folder" "$@" "README.md=$page" || exit
echo "$folder: the files of ${kit##*/}, and README.md, which says what to do."
