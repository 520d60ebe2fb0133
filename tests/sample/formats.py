# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the sample of each format, also packed, and compares with formats.tsv: every article, and of each its headline,
day, outlet, credit, and how its body begins and ends.

usage: formats.py TOOLS SAMPLE WORK
"""
import json
import os
import subprocess
import sys

tools, sample, work = sys.argv[1:]
formats, packed = os.path.join(sample, "formats"), os.path.join(work, "packed")
os.mkdir(packed)
subprocess.run([sys.executable, os.path.join(sample, "pack.py"), formats, packed], check=True)
found = {}
for folder in (formats, packed):
    done = subprocess.run([os.path.join(tools, "nsearch-inspect"), "--json", "read", folder], capture_output=True, text=True,
                          check=False)
    if done.returncode or done.stderr:
        sys.exit(f"FAIL: exit {done.returncode}: {done.stderr}")
    for line in done.stdout.splitlines():
        article = json.loads(line)
        found[os.path.basename(article["origin"]), article["id"]] = article
failures = []
with open(os.path.join(sample, "formats.tsv"), encoding="utf-8") as lines:
    rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
for name, article_id, title, date, source, credit, begins, ends in rows:
    article = found.pop((name, article_id), None)
    if not article:
        failures.append(f"{name}: no article '{article_id}'")
        continue
    for field, value in (("title", title), ("date", date), ("source", source), ("credit", credit)):
        got = article[field][:10] if field == "date" else article[field]
        if got != value:
            failures.append(f"{name}: {field} '{got}', not '{value}'")
    body = article["paragraphs"]
    if not body or not body[0].startswith(begins) or not body[-1].endswith(ends):
        failures.append(f"{name}: body {body}")
failures += [f"{name}: '{article_id}' is not in formats.tsv" for name, article_id in found]
for folder, names in ((formats, sorted(os.listdir(formats))), (packed, sorted(os.listdir(packed)))):
    failures += [f"{folder}: nothing of '{name}' in formats.tsv" for name in names if name not in {row[0] for row in rows}]
for failure in failures:
    print("FAIL:", failure)
print(f"{len(rows)} articles of {len({row[0] for row in rows})} files")
sys.exit(bool(failures) or len(rows) < 15)
