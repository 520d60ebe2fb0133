# SPDX-License-Identifier: GPL-2.0-or-later
#
# instrumented.sh - is_instrumented: whether a sanitizer watches the programs of this build, linked either way. Sourced at the
# top of the build tree.
is_instrumented() {
	for program in tools/.libs/nsearch tools/nsearch; do
		if nm "$program" 2>/dev/null | grep -q -e __asan_init -e __tsan_init; then
			return 0
		fi
	done
	return 1
}
