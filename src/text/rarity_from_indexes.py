#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the entries of rarity_table.h: rarity_from_indexes.py INDEX...

Each index holds one kind of news and counts the same. A stem's rate in it is its share of articles (as
'nsearch-inspect terms' tells); its rate over all is the mean. Stems of 2 to 14 letters that at least four indexes hold in three
articles or more are ordered by that mean, and the first 3,000 are printed with a level from 1 to 15: 15 times
the logarithm of the rate, divided by that of the last one's. Stopwords are left out: their level is never asked for.
"""
import json
import math
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path


def inspect(index, *words):
    answer = subprocess.run(["nsearch-inspect", "-i", index, "--json", *words], check=True, capture_output=True)
    return json.loads(answer.stdout)


def stopwords():
    source = (Path(__file__).parent / "stopwords.c").read_text()
    return set(re.findall('"([a-z]+)"', source[source.index("words[]"):source.index("};")]))


def main(indexes):
    left_out = stopwords()
    rates, held = defaultdict(float), defaultdict(int)
    for index in indexes:
        articles = inspect(index, "stats")["articles"]
        for term in inspect(index, "-n", "0", "terms", "raw:w")["terms"]:
            stem = term["term"]
            if re.fullmatch("[a-z]{2,14}", stem) and stem not in left_out and term["articles"] >= 3:
                rates[stem] += term["articles"] / articles / len(indexes)
                held[stem] += 1
    common = sorted((s for s in rates if held[s] >= 4), key=lambda s: -rates[s])[:3000]
    last = math.log(1 / rates[common[-1]])
    for stem in sorted(common):
        print('{"%s", %d},' % (stem, max(1, min(15, round(15 * math.log(1 / rates[stem]) / last)))))


main(sys.argv[1:])
