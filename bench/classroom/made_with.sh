#!/bin/sh
# Are the objects that an edition for students has of its reference of use here? Refuses those of another kind of machine,
# and says it where they are another compiler's.
#     bench/classroom/made_with.sh fixed/made-with gcc
set -u

machine=$(sed -n 1p "$1") compiler=$(sed -n 2p "$1")
here=$($2 -dumpmachine) || exit
if [ "${here%%-*}" != "$machine" ]; then
    echo "The reference in ${1%/*}/ is there as objects for $machine, and $2 makes programs for ${here%%-*}." >&2
    echo "Work on $machine, or ask who handed this out for an edition that was made on ${here%%-*}." >&2
    exit 1
fi
found=$($2 --version | head -n 1)
if [ "$found" != "$compiler" ]; then
    echo "Mind: the reference was compiled by $compiler, and here is $found." >&2
    echo "Instructions and times are then of two compilers; allocations, comparisons, waits and threads are not." >&2
fi
