#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Servers of shards that die, hang and come back while queries are answered.
export PYTHONDONTWRITEBYTECODE=1
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
tools/nsearch --version | grep -q xapian || { echo 'SKIP: a build without Xapian'; exit 77; }
queries=1000
. "${srcdir:?}/tests/support/instrumented.sh"
! is_instrumented || queries=300 # the plain build asks them all
[ -z "${NSEARCH_TEST_LONG:-}" ] || queries=10000
exec python3 "${srcdir:?}/tests/cluster/faults.py" "$srcdir/corpus/sample/articles" "$queries"
