#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Hostile files: generators.py makes them, hostile.py indexes them within limits of time and memory.
set -u
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
for program in tools/.libs/nsearch-index tools/nsearch-index; do
	if nm "$program" 2>/dev/null | grep -q -e __asan_init -e __tsan_init; then
		NSEARCH_INSTRUMENTED=1
		export NSEARCH_INSTRUMENTED
	fi
done
exec python3 "${srcdir:?}/tests/hostile/hostile.py" tools
