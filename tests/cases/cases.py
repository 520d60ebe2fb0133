#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks the sample corpus the queries of *.tsv and compares. README.md of tests/ tells how a case is written.

usage: cases.py TOOLS SAMPLE WORK ENGINE CASES...
"""
import json
import os
import re
import subprocess
import sys

tools, sample, work, engine = sys.argv[1:5]
index = os.path.join(work, engine)


def short(article_id):
    return re.sub(r"\.(txt|html)$", "", article_id.rsplit("/", 1)[-1])


class Answer:
    def __init__(self, query):
        done = subprocess.run([os.path.join(tools, "nsearch"), "-i", index, "--json", "-n", "100", "--copies=all",
                               "--", query], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise ValueError("exit %d: %s" % (done.returncode, done.stderr.strip()))
        answer = json.loads(done.stdout)
        self.order = [short(hit["id"]) for hit in answer["hits"]]
        self.ids = set(self.order)
        self.notes = " / ".join(answer["notes"])
        if (done.returncode == 0) != bool(self.order):
            raise ValueError("exit %d with %d hits" % (done.returncode, len(self.order)))
        if answer["found"] != len(self.order) and not answer["found_at_least"]:
            raise ValueError("%d found, %d shown" % (answer["found"], len(self.order)))


def judge(kind, value, got):
    """None, or what is wrong."""
    wanted = value.split()
    if kind == "finds":  # these and no others
        if got.ids != set(wanted):
            return "missing %s, too many %s" % (sorted(set(wanted) - got.ids), sorted(got.ids - set(wanted)))
    elif kind == "holds":
        if not set(wanted) <= got.ids:
            return "missing %s of %s" % (sorted(set(wanted) - got.ids), got.order)
    elif kind == "lacks":
        if set(wanted) & got.ids:
            return "holds %s" % sorted(set(wanted) & got.ids)
    elif kind == "first":  # the head of the list, in this order
        if got.order[:len(wanted)] != wanted:
            return "begins %s" % got.order[:len(wanted)]
    elif kind == "order":  # each before the next
        places = [got.order.index(i) if i in got.ids else -1 for i in wanted]
        if -1 in places or places != sorted(places):
            return "order is %s" % got.order
    elif kind == "none":
        if got.order:
            return "finds %s" % got.order
    elif kind == "some":
        if not got.order:
            return "finds nothing"
    elif kind == "same":  # as another query
        other = Answer(value)
        if got.ids != other.ids:
            return "only here %s, only with '%s' %s" % (sorted(got.ids - other.ids), value, sorted(other.ids - got.ids))
    elif kind == "within":  # a part of what another query finds, and less
        other = Answer(value)
        if not got.ids < other.ids:
            return "not a part of what '%s' finds: %s" % (value, sorted(got.ids - other.ids))
    elif kind == "note":
        if value.lower() not in got.notes.lower():
            return "notes are '%s'" % got.notes
    elif kind == "quiet":
        if got.notes:
            return "notes are '%s'" % got.notes
    else:
        return "no such expectation"
    return None


def main():
    subprocess.run([os.path.join(tools, "nsearch-index"), "-q", "--engine", engine, "-i", index,
                    os.path.join(sample, "articles")], check=False, capture_output=True)
    cases = faults = 0
    for path in sys.argv[5:]:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                line = line.rstrip("\n")
                if not line or line.startswith("#"):
                    continue
                query, kind, value = (line.split("\t") + ["", ""])[:3]
                cases += 1
                try:
                    wrong = judge(kind, value, Answer(query))
                except ValueError as error:
                    wrong = str(error)
                if wrong:
                    faults += 1
                    print("FAIL: %s:%d: %s: %s %s: %s" % (os.path.basename(path), number, query, kind, value, wrong))
    print("%s: %d cases, %d failed" % (engine, cases, faults))
    return 1 if faults or cases < 50 else 0


sys.exit(main())
