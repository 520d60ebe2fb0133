# SPDX-License-Identifier: GPL-2.0-or-later
#
# lib.sh - what the tests of the programs share. Sourced from the top of the build tree.
set -u
src=$(cd "${srcdir:?}" && pwd)
sample=$src/corpus/sample/articles
bin=$PWD/tools
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
checks=0
unset NSEARCH_INDEX NO_COLOR
LC_ALL=C
export LC_ALL

fail() {
	echo "FAIL: $*"
	failed=1
}

# run STATUS COMMAND...: runs it with its output in $scratch/out and $scratch/err.
run() {
	wanted=$1
	shift
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	got=$?
	checks=$((checks + 1))
	[ "$got" -eq "$wanted" ] || {
		fail "exit $got, not $wanted: $*"
		head -n 5 "$scratch/out" "$scratch/err"
	}
}

out_has() {
	checks=$((checks + 1))
	grep -q -e "$1" "$scratch/out" || fail "no '$1' in the output of the last command: $(head -c 600 "$scratch/out")"
}
out_lacks() {
	checks=$((checks + 1))
	! grep -q -e "$1" "$scratch/out" || fail "'$1' in the output: $(grep -e "$1" "$scratch/out" | head -n 3)"
}
err_has() {
	checks=$((checks + 1))
	grep -q -e "$1" "$scratch/err" || fail "no '$1' in the errors of the last command: $(head -c 600 "$scratch/err")"
}
same() { # WHAT A B
	checks=$((checks + 1))
	[ "$2" = "$3" ] || fail "$1: '$2' and '$3' differ"
}
# json EXPRESSION: python's value of it, with the last output in 'a' (or, for JSON lines, a list of them).
json() {
	python3 -c 'import json, sys
text = open(sys.argv[1]).read()
try:
    a = json.loads(text)
except ValueError:
    a = [json.loads(line) for line in text.splitlines()]
print(eval(sys.argv[2]))' "$scratch/out" "$1" 2>&1
}

# The last line of each test: a test that checked nothing has failed.
finish() {
	[ "$checks" -ge "$1" ] || fail "only $checks of $1 checks were made"
	exit $failed
}
