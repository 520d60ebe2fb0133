#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what the HTML reader takes out of pages against what people took out of them.

    nsearch-inspect --json read PAGES | html_pages.py MEASURE GOLD.jsonl [--list] [--half 0|1]

MEASURE is body, strings, dates or names. Prints one line a figure: name, value, and what went into it. --list names
the pages that went wrong, --half takes only every second page.

body     runs of four words of the text, counted as often as they occur; of each page the shares that are
         right, too many and missing add up to one, so that all pages weigh the same. Precision and recall
         are means over the pages, F1 is made of the means (the measure of article-extraction-benchmark).
strings  text that must be in the body and text that must not be, over all pages together (the measure of trafilatura).
dates    the day of publication, exactly: no date is a miss, a wrong one is both a miss and an error (the measure of
         htmldate counts it as an error alone: 'lenient').
names    title and byline, exact after white space; and the body as above.
"""
import json
import re
import sys
from collections import Counter


def squeeze(text):
    return " ".join(text.split())


def runs(text, n=4):
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i:i + n]) for i in range(max(1, len(words) - n + 1)) if words)


def overlap(gold, ours):
    a, b = runs(gold), runs(ours)
    right = sum((a & b).values())
    many, missing = sum((b - a).values()), sum((a - b).values())
    precision = right / (right + many) if right + many else float(not missing)
    recall = right / (right + missing) if right + missing else float(not many)
    return precision, recall


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def body(rows, read, tell):
    total = [0.0, 0.0]
    for row in rows:
        p, r = overlap(row["text"], read(row, "paragraphs"))
        total[0] += p
        total[1] += r
        tell(f1(p, r) < 0.9, row, f"F {f1(p, r):.3f} precision {p:.3f} recall {r:.3f}")
    p, r = (x / len(rows) for x in total)
    yield "F1", f1(p, r), f"precision {p:.4f} recall {r:.4f}, {len(rows)} pages"


def strings(rows, read, tell):
    found = lost = let_in = kept_out = 0
    for row in rows:
        text = squeeze(read(row, "paragraphs"))
        title = squeeze(read(row, "title"))
        for s in row["must_contain"]:
            good = squeeze(s) in text
            found, lost = found + good, lost + (not good)
            tell(not good, row, f"lost: {s!r}" + (" (in the title)" if squeeze(s) in title else ""))
        for s in row["must_not_contain"]:
            bad = squeeze(s) in text
            let_in, kept_out = let_in + bad, kept_out + (not bad)
            tell(bad, row, f"let in: {s!r}")
    p, r = found / max(1, found + let_in), found / max(1, found + lost)
    accuracy = (found + kept_out) / max(1, found + lost + let_in + kept_out)
    yield "F", f1(p, r), (f"precision {p:.4f} recall {r:.4f} accuracy {accuracy:.4f}: "
                          f"{found} found, {lost} lost, {let_in} let in, {kept_out} kept out")


def dates(rows, read, tell):
    right = wrong = none = 0
    for row in rows:
        ours = read(row, "date")[:10]
        right += ours == row["date"]
        wrong += bool(ours) and ours != row["date"]
        none += not ours
        tell(ours != row["date"], row, f"{ours or 'none'} ({read(row, 'date_source')}) is {row['date']}")
    n = len(rows)
    yield "exact", right / n, f"{right} of {n} right, {wrong} wrong, {none} without a date"
    yield "F", f1(right / max(1, right + wrong), right / n), "a wrong date is a miss too"
    yield "F lenient", f1(right / max(1, right + wrong), right / max(1, right + none)), "a wrong date is no miss"


def names(rows, read, tell):
    for field in ("title", "byline"):
        with_gold = [row for row in rows if row.get(field)]
        right = 0
        for row in with_gold:
            ours = squeeze(read(row, field))
            right += ours == squeeze(row[field])
            tell(ours != squeeze(row[field]), row, f"{field}: {ours!r} is {squeeze(row[field])!r}")
        yield field, right / len(with_gold), f"{right} of {len(with_gold)} exact"
    yield from body(rows, read, lambda *_: None)


def main(measure, gold, options):
    rows = [json.loads(line) for line in open(gold, encoding="utf-8")]
    if "--half" in options:
        rows = rows[int(options[options.index("--half") + 1])::2]
    articles = {}
    for line in sys.stdin:
        article = json.loads(line)
        articles[article["id"].rsplit("/", 1)[-1]] = article

    def read(row, field):
        value = articles.get(row["html"].rsplit("/", 1)[-1], {}).get(field, "")
        return "\n".join(value) if isinstance(value, list) else value

    def tell(wrong, row, what):
        if wrong and "--list" in options:
            print(f"    {row['html']}: {what}")

    for name, value, detail in {"body": body, "strings": strings, "dates": dates, "names": names}[measure](rows, read, tell):
        print(f"{name}\t{value:.4f}\t{detail}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
