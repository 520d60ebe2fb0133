#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# idf counts distinct texts: a story that many outlets carry weighs its words as one that a single one carries, in either
# engine, in one commit, in many, merged, and after some of it is removed.
. "${srcdir:?}/tests/cli/lib.sh"
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }

# Six stories of their own; the first is carried by one outlet, or by seven, each with a line of its own.
rare=$(python3 - "$scratch" <<'END'
import json, random, sys
words = random.Random(7)
syllables = "ba ce di fo gu ka le mi no pu ra se ti vo zu".split()


def word():
    return "".join(words.choice(syllables) for _ in range(4))


def article(name, text):
    return json.dumps({"id": name, "date": "2023-09-11", "source": name, "text": text})


stories = [" ".join("The harbour of %s and %s was %s by %s near %s." % tuple(word() for _ in range(5)) for _ in range(9))
           for _ in range(6)]
for outlets in (1, 7):
    with open("%s/%d.jsonl" % (sys.argv[1], outlets), "w") as out:
        for n, text in enumerate(stories):
            print(article("story%d" % n, text), file=out)
            for k in range(1, outlets if n == 0 else 1):
                print(article("copy%d" % k, text + " More of %s." % word()), file=out)
print(stories[0].split()[3])
END
)

weights() { # weights INDEX: of a word that all stories have, and of one of the first alone
	run 0 "$bin/nsearch" -i "$scratch/$1" --explain "harbour $rare"
	grep -o 'in [0-9]* of [0-9]* texts  idf [0-9.]*' "$scratch/out" | sort -u
}

engines=native
if "$bin/nsearch" --version | grep -q xapian; then
	engines='native xapian'
fi
for engine in $engines; do
	for outlets in 1 7; do
		run 0 "$bin/nsearch-index" -q -i "$scratch/$engine$outlets" --engine "$engine" "$scratch/$outlets.jsonl"
		weights "$engine$outlets" >"$scratch/$engine$outlets.weights"
	done
	alone=$(cat "$scratch/${engine}1.weights")
	same "$engine: what is counted" "$(echo "$alone" | sed 's/  idf.*//')" "$(printf 'in 1 of 6 texts\nin 6 of 6 texts')"
	same "$engine: weights with copies" "$(cat "$scratch/${engine}7.weights")" "$alone"
	run 0 "$bin/nsearch-inspect" -i "$scratch/${engine}7" --json stats
	same "$engine: articles and texts" "$(json 'a["articles"], a["texts"]')" '(12, 6)'
	run 0 "$bin/nsearch-inspect" -i "$scratch/${engine}7" verify

	split -l 1 "$scratch/7.jsonl" "$scratch/$engine.part."
	for part in "$scratch/$engine".part.*; do
		"$bin/nsearch-index" -q -i "$scratch/$engine-many" --engine "$engine" - <"$part" || fail "cannot add $part"
	done
	same "$engine: weights of twelve commits" "$(weights "$engine-many")" "$alone"
	run 0 "$bin/nsearch-index" -q -i "$scratch/$engine-many" --remove copy3 --remove story4
	for state in marked merged; do
		run 0 "$bin/nsearch-inspect" -i "$scratch/$engine-many" --json stats
		same "$engine: articles and texts, removed and $state" "$(json 'a["articles"], a["texts"]')" '(10, 5)'
		run 0 "$bin/nsearch-inspect" -i "$scratch/$engine-many" verify
		same "$engine: removed and $state" "$(weights "$engine-many" | sed 's/  idf.*//')" \
			"$(printf 'in 1 of 5 texts\nin 5 of 5 texts')"
		run 0 "$bin/nsearch-rebuild" -q -i "$scratch/$engine-many"
	done
done
[ $failed = 0 ] && echo "PASS: $checks checks"
exit $failed
