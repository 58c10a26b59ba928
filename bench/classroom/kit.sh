#!/bin/sh
# Lays out what submissions are built with: the headers, and all objects but theirs, plain and with sanitizers.
#     bench/classroom/kit.sh KIT PROGRAM COMPILER COMPILED_WITH FLAGS LIBRARIES OBJECT... -- CHECKED_OBJECT...
# PROGRAM is the reference; a file on trial is COMPILED_WITH, and FLAGS and LIBRARIES are what programs are linked with.
set -eu

kit=$1 program=$2 compiler=$3 compiled_with=$4 flags=$5 libraries=$6
shift 6
rm -rf "$kit/common" "$kit/counted" "$kit/checked"
mkdir -p "$kit/common" "$kit/counted" "$kit/checked"
cp common/*.h "$kit/common/"
cp bench/classroom/kit/shield.h "$kit/"
printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v "${compiler%% *}") ${compiler#"${compiler%% *}"}" >"$kit/cc"
chmod +x "$kit/cc"
"$kit/cc" --version | head -n 1 >"$kit/compiler"
echo "$compiled_with" >"$kit/compiled-with"
echo "$flags" >"$kit/flags"
echo "$libraries" >"$kit/libraries"
cp "$program" "$kit/counted/reference"
to=counted
for object in "$@"; do
    case $object in
    --) to=checked ;;
    */variant/*) cp "$object" "$kit/$to/variant.o" ;; # whatever its code is
    *) cp "$object" "$kit/$to/" ;;
    esac
done
