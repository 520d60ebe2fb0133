#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the table at the end of doc/architecture.md: which folder includes what.

The include lines are the architecture, so each line that is not allowed is named. The argument is the top of the
source tree. It first proves on made-up lines that it can fail."""
import fnmatch
import os
import re
import sys

ANY = ["*"]
# Folder (longest match wins), as the table names it: what it may include, written from the top.
RULES = {
    "src/base": ["src/base/*", "src/nsearch.h"],
    "corpus": ["corpus/*", "src/base/*"],
    "src/text": ["src/text/*", "src/base/*", "corpus/article.h"],
    "index": ["index/*.h", "src/base/*", "src/text/analysed.h"],
    "index/native": ["index/native/*", "index/*.h", "src/base/*", "src/text/analysed.h"],
    "index/xapian": ["index/xapian/*", "index/*.h", "src/base/*", "src/text/analysed.h"],
    "src/query": ["src/query/*", "src/base/*", "src/text/*", "corpus/article.h", "index/cursor.h",
                  "index/backend.h", "index/plan.h", "src/nsearch.h"],
    "src": ANY,
    "tools": ["tools/*", "src/nsearch.h"],
    "tests": ANY,
    "doc": [],
}
# The programs that show an index's inside.
INSPECT = re.compile(r"tools/(nsearch_(inspect|export)|(inspect|export)[_a-z]*)\.[ch]$")
# Libraries that one folder alone may know.
OWNERS = {
    r"<xapian": r"(index/xapian/xapian_shim\.cc|index/xapian/xapian_errors\.h|tests/.*\.cc)$",
    r"<jansson\.h>": r"(corpus|tools|tests)/",
    r"<libxml/": r"(corpus|tests/eval)/",
    r"<libstemmer\.h>": r"src/text/",
    r"<uchardet": r"(corpus|tests/fuzz)/",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+("[^"]+"|<[^>]+>)')
LOCAL = ("config.h",)


def rule_of(path):
    folder = os.path.dirname(path)
    while folder and folder not in RULES:
        folder = os.path.dirname(folder)
    return RULES.get(folder)


def allowed(path, target, exists):
    """None, or why the line may not be there."""
    if target.startswith("<"):
        for header, owner in OWNERS.items():
            if re.match(header, target) and not re.match(owner, path):
                return "is for another folder"
        return None
    name = target.strip('"')
    if name in LOCAL:
        return None
    if not exists(name):
        return "is not written from the top of the tree"
    if INSPECT.match(path):
        return None
    rule = rule_of(path)
    if rule is None:
        return "in a folder that the table does not name"
    # '*' in a rule such as index/*.h stays within the folder.
    for pattern in rule:
        if fnmatch.fnmatch(name, pattern) and (pattern.endswith("/*") or pattern == "*" or
                                               name.count("/") == pattern.count("/")):
            return None
    return "crosses the rooms"


def sources(top):
    for folder in ("corpus", "src", "index", "tools", "tests", "doc"):
        for at, folders, files in os.walk(os.path.join(top, folder)):
            folders[:] = [f for f in folders if not f.startswith(".")]
            for name in sorted(files):
                if name.endswith((".c", ".h", ".cc")):
                    yield os.path.relpath(os.path.join(at, name), top)


def check(top):
    faults, lines = [], 0
    exists = lambda name: os.path.exists(os.path.join(top, name))
    for path in sources(top):
        if path.endswith(".cc") and path != "index/xapian/xapian_shim.cc" and not path.startswith("tests/"):
            faults.append("%s: C++ has one file" % path)
        with open(os.path.join(top, path), encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                lines += 1
                why = allowed(path, match.group(1), exists)
                if why:
                    faults.append("%s:%d: %s %s" % (path, number, match.group(1), why))
    with open(os.path.join(top, "doc/architecture.md"), encoding="utf-8") as page:
        told = set(re.findall(r"^\| `([a-z/]+)(?:\.c)?` \|", page.read(), re.M))
    for folder in ("src/base", "corpus", "src/text", "index", "src/query", "tools", "tests"):
        if folder not in told:
            faults.append("doc/architecture.md: no row for %s" % folder)
    return faults, lines


def selftest():
    exists = lambda name: True
    bad = [("src/base/map.c", '"index/backend.h"'), ("corpus/reader.c", '"src/text/analyse.h"'),
           ("src/text/stem.c", '"corpus/reader.h"'), ("index/native/a.c", '"index/xapian/xapian_shim.h"'),
           ("index/engines.c", '"index/native/segment.h"'), ("src/query/exec.c", '"index/native/segment.h"'),
           ("tools/nsearch.c", '"src/query/exec.h"'), ("src/query/exec.c", "<xapian.h>")]
    for path, target in bad:
        if not allowed(path, target, exists):
            print("FAIL: %s in %s passes" % (target, path))
            return 1
    return 0 if allowed("a/b.c", '"x.h"', lambda name: False) else 1


def main():
    top = sys.argv[1]
    if selftest():
        return 1
    faults, lines = check(top)
    for fault in faults:
        print("FAIL: " + fault)
    print("%d include lines, %d faults" % (lines, len(faults)))
    return 1 if faults or lines < 200 else 0


sys.exit(main())
