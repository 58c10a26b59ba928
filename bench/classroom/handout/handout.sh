#!/bin/sh
# Makes an edition for students, in FOLDER and in FOLDER.tar.gz: the workbench and naive/, and of fixed/ objects that
# say no more than a linker has to know.
#     bench/classroom/handout/handout.sh FOLDER WORK NAIVE FIXED COMPILER FLAGS LESSON...
# WORK/fixed/ and WORK/graded/ have the objects. What is not in `files` does not travel; what is below edition/ takes the
# place of a file of that name, and the notebooks go through notebooks.py. Of a kit its fix in words goes, too.
set -eu

here=$(dirname "$0") folder=$1 work=$2 naive=$3 fixed=$4 compiler=$5 flags=$6
shift 6 # the lessons are left
case $folder in
'') echo "Say where: make handout DIR=~/class" >&2 && exit 2 ;;
'~/'*) folder=$HOME/${folder#'~/'} ;;
-*) folder=./$folder ;;
esac
folder=${folder%"${folder##*[!/]}"}
for there in "$folder" "$folder.tar.gz"; do
    if [ -e "$there" ]; then
        echo "$there is there already, and is left as it is. Name another folder, or remove it." >&2
        exit 1
    fi
done

edition=$work/edition
rm -rf "$edition"
mkdir -p "$edition/naive" "$edition/fixed/graded" "$edition/notebooks"
trap 'rm -rf "$edition"' EXIT
trap 'exit 130' INT TERM HUP

while read -r pattern; do
    for file in $pattern; do
        [ -f "$file" ] || { echo "$here/files lists $pattern, and there is no such file." >&2; exit 1; }
        mkdir -p "$edition/$(dirname "$file")"
        cp "$file" "$edition/$file"
    done
done <"$here/files"
cp -R "$here/edition/." "$edition/"

# Neither debug information nor names that are no other file's to know, nor what compiled it or where from
strip_object() {
    objcopy --strip-unneeded --discard-all --remove-section=.comment --remove-section='.note.gnu.*' "$1" "$2"
}
for lesson in "$@"; do
    [ ! -e "$naive/$lesson.c" ] || cp "$naive/$lesson.c" "$edition/naive/"
    strip_object "$work/fixed/$lesson.o" "$edition/fixed/$lesson.o"
    strip_object "$work/graded/$lesson.o" "$edition/fixed/graded/$lesson.o"
done
machine=$($compiler -dumpmachine)
printf '%s\n' "${machine%%-*}" "$($compiler --version | head -n 1)" "$flags" >"$edition/fixed/made-with"

python3 -B "$here/notebooks.py" "$edition/notebooks" notebooks/*.ipynb

for kit in bench/kits/*/kit.json; do
    kit=$(dirname "$kit")
    handed=$edition/$kit
    [ "$kit" != bench/kits/template ] || continue
    if grep -q '"build"' "$kit/kit.json"; then
        echo "$kit says itself how it is built: it is left out, as its objects are not known." >&2
        continue
    fi
    mkdir -p "$handed/fixed"
    cp -R "$kit/naive" "$handed/"
    for file in "$kit"/*; do
        [ ! -f "$file" ] || cp "$file" "$handed/"
    done
    sed 's/; fixed: [^"]*"/; fixed: yours to find."/' "$kit/kit.json" >"$handed/kit.json"
    for file in "$kit"/fixed/*.c; do
        object=$(basename "$file" .c).o
        (cd "$kit" && $compiler $flags -pthread -I. -c -o "$OLDPWD/$work/$object" "fixed/$(basename "$file")")
        strip_object "$work/$object" "$handed/fixed/$object"
    done
done

"$here/../new_folder.sh" handout "$folder" "$edition/."
if ! { tar czf "$folder.tar.gz.part" --owner=0 --group=0 -C "$(dirname "$folder")" "$(basename "$folder")" &&
       mv "$folder.tar.gz.part" "$folder.tar.gz"; }; then
    rm -f "$folder.tar.gz.part"
    echo "$folder is made, and $folder.tar.gz could not be." >&2
    exit 1
fi
echo "$folder and $folder.tar.gz ($(du -h "$folder.tar.gz" | cut -f 1)): for $(sed -n 1p "$folder/fixed/made-with"), made by $(sed -n 2p "$folder/fixed/made-with")."
