#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every entry of well- and ill-formed feeds that libxml2's own recovery finds must become an article. The feeds are shared
# data ($NSEARCH_SHARED, else ../shared beside the source).
set -u
src=$(cd "${srcdir:?}" && pwd)
shared=${NSEARCH_SHARED-$src/../shared}
feeds=$shared/data/feeds/feed-conformance.tar.xz
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
command -v xz >/dev/null || { echo 'SKIP: xz is missing'; exit 77; }
[ -r "$feeds" ] || { echo "SKIP: no shared data at $shared"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$feeds" | tar xf - -C "$work" || exit 1
find "$work" -type f -name '*.xml' | LC_ALL=C sort >"$work/files"
xargs "$PWD/tests/eval/count_entries" <"$work/files" >"$work/counts" || exit 1
tools/nsearch-inspect --json read "$work/feed-conformance" >"$work/read" 2>"$work/errors"
python3 "$src/tests/eval/feeds.py" "$work/counts" "$work/read"
