#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Options, their help and their manual pages agree; errors say what to do next; exit codes are those promised.
. "${srcdir:?}/tests/cli/lib.sh"

for program in nsearch nsearch-index nsearch-inspect nsearch-rebuild nsearch-export; do
	run 0 "$bin/$program" --help
	out_has "^Usage: $program"
	out_has '^Exit status: 0'
	out_has '^Examples:'
	page=$src/doc/$program.1
	options=$(grep -o -e ' --[a-z-]*' "$scratch/out" | sort -u)
	[ "$(echo "$options" | wc -l)" -ge 5 ] || fail "$program --help names few options"
	for option in $options; do
		grep -q -e "-${option#--}" "$page" || fail "$option is not in $(basename "$page")"
	done
	for option in $(sed -n 's/^\.It Fl \([a-zA-Z] , \)\{0,1\}-\([a-z-]*\).*/\2/p' "$page"); do
		grep -q -e "--$option" "$scratch/out" || fail "--$option of $(basename "$page") is not in $program --help"
	done
	awk -v p="$program" 'length($0) > 110 { print "FAIL: --help of " p " is wider than 110: " $0 }' "$scratch/out"
	run 0 "$bin/$program" --version
	out_has "^$program [0-9]"
	run 2 "$bin/$program" --no-such-option
	err_has "no-such-option"
	err_has "$program --help"
	run 2 "$bin/$program" -i
	err_has 'needs a value'
done

none=$scratch/none
run 2 "$bin/nsearch" -i "$none" words
err_has "build one with 'nsearch-index -i $none PATH...'"
run 2 "$bin/nsearch-inspect" -i "$none" stats
err_has 'build one with'
run 2 "$bin/nsearch-rebuild" -i "$none"
err_has 'build one with'
run 2 "$bin/nsearch-index" -i "$none"
err_has 'name a file or a folder'
run 2 "$bin/nsearch-index" -i "$none" "$sample" "$scratch/nothing-there"
err_has 'nothing was indexed'
[ ! -e "$none" ] || fail "an index was made in spite of an error"

run 2 "$bin/nsearch" -i "$none"
err_has 'no query'
for bad in 0 -1 10001 x 1x '' 99999999999999999999; do
	run 2 "$bin/nsearch" -i "$none" -n "$bad" words
	err_has 'takes a number from 1 to 10000'
done
run 2 "$bin/nsearch" --sort sideways words
run 2 "$bin/nsearch" --color sometimes words
run 2 "$bin/nsearch" --entity-weight nan words
run 2 "$bin/nsearch" --trec tag words
run 2 "$bin/nsearch" --queries "$scratch/nothing-there"
run 2 "$bin/nsearch-index" -j 0 "$sample"
run 2 "$bin/nsearch-index" --memory 1 "$sample"
run 2 "$bin/nsearch-index" --engine lucene "$sample"
err_has "no engine 'lucene'"
run 2 "$bin/nsearch-inspect" dance
err_has 'postings'

# The default index: $NSEARCH_INDEX, then $XDG_DATA_HOME, then the home folder; its folders are made.
one=$sample/pages/harbour-whale.txt
HOME=$scratch/home run 0 env -u XDG_DATA_HOME "$bin/nsearch-index" "$one"
[ -e "$scratch/home/.local/share/nsearch/index/MANIFEST" ] || fail "no index in the home folder"
XDG_DATA_HOME=$scratch/data run 0 "$bin/nsearch-index" "$one"
[ -e "$scratch/data/nsearch/index/MANIFEST" ] || fail "no index in XDG_DATA_HOME"
NSEARCH_INDEX=$scratch/named run 0 "$bin/nsearch-index" "$one"
NSEARCH_INDEX=$scratch/named XDG_DATA_HOME=$scratch/data run 0 "$bin/nsearch-inspect" --json stats
same 'index named by NSEARCH_INDEX' "$(json 'a["index"]')" "$scratch/named"
HOME='' run 2 env -u XDG_DATA_HOME "$bin/nsearch" whale
err_has 'NSEARCH_INDEX'

# A full disk is noticed.
if [ -w /dev/full ]; then
	"$bin/nsearch" --help >/dev/full 2>"$scratch/err"
	same 'exit code when nothing can be written' $? 2
fi
finish 80
