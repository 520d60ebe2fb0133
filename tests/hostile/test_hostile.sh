#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Hostile files: generators.py makes them, hostile.py indexes them within limits of time and memory.
set -u
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
. "${srcdir:?}/tests/support/instrumented.sh"
if is_instrumented; then
	NSEARCH_INSTRUMENTED=1
	export NSEARCH_INSTRUMENTED
fi
exec python3 "${srcdir:?}/tests/hostile/hostile.py" tools
