#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs into a folder of its own; builds the program that opens nsearch.h, and the examples, against what was
# installed, through pkg-config; runs them; uninstalls, and nothing is left.
set -u
src=$(cd "${srcdir:?}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() {
	echo "FAIL: $*"
	exit 1
}
case ${DISTCHECK_INSTALLED_TEST-} in skip) exit 77 ;; esac

prefix=$(sed -n 's/^prefix *= *//p' Makefile)
${MAKE:-make} install DESTDIR="$scratch/root" >"$scratch/install.log" 2>&1 || {
	cat "$scratch/install.log"
	fail "make install"
}
at=$scratch/root$prefix
for file in bin/nsearch bin/nsearch-index bin/nsearch-inspect bin/nsearch-rebuild bin/nsearch-export include/nsearch.h \
	share/man/man1/nsearch.1 share/man/man1/nsearch-index.1 share/man/man1/nsearch-inspect.1 \
	share/man/man1/nsearch-rebuild.1 share/man/man1/nsearch-export.1 share/doc/nsearch/nsearch.cron.example; do
	[ -s "$at/$file" ] || fail "not installed: $file"
done
headers=$(find "$at/include" -type f | wc -l)
[ "$headers" -eq 1 ] || fail "$headers headers are installed, one is public"

LD_LIBRARY_PATH=$(dirname "$(find "$scratch/root" -name 'libnsearch.so')")
export LD_LIBRARY_PATH
PKG_CONFIG_LIBDIR=$LD_LIBRARY_PATH/pkgconfig:$(pkg-config --variable pc_path pkg-config)
PKG_CONFIG_SYSROOT_DIR=$scratch/root
export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
flags=$(pkg-config --cflags --libs nsearch) || fail "pkg-config does not know nsearch"
[ "$(pkg-config --modversion nsearch)" = "$("$at/bin/nsearch" --version | sed -n 's/^nsearch //p')" ] ||
	fail "nsearch.pc and nsearch --version differ"

sanitize=$(sed -n 's/^SANITIZE_FLAGS *= *//p' Makefile)
cc=$(sed -n 's/^CC *= *//p' Makefile)
compile() { # SOURCE PROGRAM
	# shellcheck disable=SC2086
	$cc -std=c11 -Wall -Wextra -Werror $sanitize "$1" -o "$2" $flags -lpthread || fail "cannot build $1"
}

# The program in the header's opening comment, as it stands.
sed -n '/#include <nsearch.h>/,/^ \*     }$/s/^ \* \{0,5\}//p' "$src/src/nsearch.h" >"$scratch/header.c"
grep -q 'int main' "$scratch/header.c" || fail "no program opens nsearch.h"
compile "$scratch/header.c" "$scratch/header"
mkdir -p "$scratch/run/articles"
cp "$src"/corpus/sample/articles/pages/*shells.txt "$scratch/run/articles/"
(cd "$scratch/run" && "$scratch/header") >"$scratch/header.out" || fail "the program of nsearch.h failed"
grep -qi 'shells' "$scratch/header.out" || fail "the program of nsearch.h found nothing"

# The same header is C++.
cxx=$(sed -n 's/^CXX *= *//p' Makefile)
printf '#include <nsearch.h>\nint main() { return nsearch_version() == 0; }\n' >"$scratch/plus.cc"
# shellcheck disable=SC2086
$cxx -Wall -Wextra -Werror $sanitize "$scratch/plus.cc" -o "$scratch/plus" $flags || fail "nsearch.h is no C++"
"$scratch/plus" || fail "a C++ program failed"

for example in "$src"/doc/examples/*.c; do
	compile "$example" "$scratch/$(basename "$example" .c)"
done

# The installed programs, from another folder.
(cd / && "$at/bin/nsearch-index" -q -i "$scratch/i" "$scratch/run/articles") || fail "nsearch-index"
"$at/bin/nsearch" -i "$scratch/i" artillery shells >/dev/null || fail "nsearch"
"$at/bin/nsearch-inspect" -i "$scratch/i" verify >/dev/null || fail "nsearch-inspect"
"$at/bin/nsearch-rebuild" -q -i "$scratch/i" || fail "nsearch-rebuild"

${MAKE:-make} uninstall DESTDIR="$scratch/root" >"$scratch/uninstall.log" 2>&1 || fail "make uninstall"
left=$(find "$scratch/root" -type f -o -type l)
[ -z "$left" ] || fail "left after uninstall: $left"
exit 0
