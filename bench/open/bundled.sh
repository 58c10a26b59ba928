#!/bin/sh
# Opens what is in this bundle, wherever it was unpacked.
#     ./open.sh annotate key       the naive and the fixed profile as text
#     ./open.sh kcachegrind key    the same in KCachegrind
# `key` is a lesson; sources/naive has a file of each. Of two commands there are none: ./open.sh annotate
set -eu

cd "$(dirname "$0")"
case ${1:-} in
annotate) ;;
kcachegrind) exec bin/kcachegrind.sh . "${2:-}" sources bin ;;
*)
    echo "usage: ./open.sh annotate|kcachegrind LESSON, as in ./open.sh annotate key (README.md says more)" >&2
    exit 2
    ;;
esac
bin/annotate . "${2:-}" sources && exit 0 || status=$?
# 126 and 127: made for another kind of machine
if [ "$status" -ge 126 ] && [ -r "text/annotate${2:+.$2}.txt" ]; then
    exec cat "text/annotate${2:+.$2}.txt"
fi
exit "$status"
