#!/bin/sh
# Makes somebody's folder, whole or not at all. Refuses to touch one that is there already.
#     bench/classroom/new_folder.sh TARGET FOLDER FILE... README.md=FILE FOLDER/.
# TARGET is make's, for messages. README.md=FILE is copied under that name, and FOLDER/. with all that is in it.
set -u

target=$1 folder=$2
shift 2 # what goes into it is left
if [ -z "$folder" ]; then
    echo "Say where: make $target DIR=~/hw" >&2
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
mkdir -p "$parent" && made=$(mktemp -d "$parent.$target-XXXXXX") || exit 1
trap 'rm -rf "$made"' EXIT
copy() {
    for file in "$@"; do
        case $file in
        README.md=*) cp "${file#README.md=}" "$made/README.md" || return 1 ;;
        *) cp -R "$file" "$made/" || return 1 ;;
        esac
    done
}
if ! { copy "$@" && chmod -R u=rwX,go=rX "$made" && mv -T "$made" "$folder"; }; then
    echo "$folder could not be made." >&2
    exit 1
fi
trap - EXIT
