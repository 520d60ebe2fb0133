#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# nsearch-export: each line is what the bulk interface takes, each field is in the mapping and of its type, nothing is
# missing, and what is written can be indexed again to the same articles.
. "${srcdir:?}/tests/cli/lib.sh"
index=$scratch/index
run 0 "$bin/nsearch-index" -q -i "$index" "$sample"
export_it() {
	wanted=$1
	shift
	run "$wanted" "$bin/nsearch-export" -i "$index" "$@"
}
run 0 "$bin/nsearch-inspect" -i "$index" --json stats
articles=$(json 'a["articles"]')

run 0 "$bin/nsearch-export" --mapping
cp "$scratch/out" "$scratch/mapping"
same 'analysers' "$(json 'sorted(a["settings"]["analysis"]["analyzer"])')" "['news', 'news_exact']"
same 'unknown fields are refused' "$(json 'a["mappings"]["dynamic"]')" strict

export_it 0 --name wire --passages
cp "$scratch/out" "$scratch/all"
cat >"$scratch/check.py" <<'EOF'
import json, re, sys
mapping = json.load(open(sys.argv[1]))["mappings"]["properties"]
lines = open(sys.argv[2], "rb").read()
assert lines.endswith(b"\n")
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$")
def check(value, field, name):
    kind = field["type"]
    if isinstance(value, list):
        assert value, name
        for one in value:
            check(one, field, name)
    elif kind == "nested":
        for key in value:
            check(value[key], field["properties"][key], name + "." + key)
    elif kind in ("keyword", "text"):
        assert isinstance(value, str) and value, name
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", value), name
    elif kind == "boolean":
        assert isinstance(value, bool), name
    elif kind == "integer":
        assert type(value) is int, name
    else:
        assert kind == "date" and DATE.match(value), (name, value)
ids, seen, actions = set(), {}, lines.count(b'{"index":')
raw = [json.loads(line) for line in lines.decode().splitlines()]
for action, document in zip(raw[0::2], raw[1::2]):
    assert list(action) == ["index"] and action["index"]["_index"] == "wire"
    assert action["index"]["_id"] == document["id"] and document["id"] not in ids
    ids.add(document["id"])
    for key in document:
        check(document[key], mapping[key], key)
        seen[key] = seen.get(key, 0) + 1
    if "passages" in document:
        whole = "".join("".join(p["text"].split()) for p in document["passages"])
        assert whole == "".join(document["body"].split()), document["id"]
    if "date_own" in document:
        assert document["date_inferred"] and document["date_source"].startswith("copy of ")
    if document.get("date_inferred"):
        assert document["date_source"][8:] in [d["id"] for d in raw[1::2]]
groups = {}
for document in raw[1::2]:
    if "group" in document:
        groups.setdefault(document["group"], []).append(document)
for members in groups.values():
    assert len(members) == members[0]["group_size"] > 1
    assert sum(m["group_head"] for m in members) <= 1 and sum(m["group_first"] for m in members) == 1
unused = set(mapping) - set(seen)
assert len(raw) % 2 == 0 and len(seen) >= 22 and len(groups) > 3, (seen, groups)
print(len(ids), *sorted(unused))
EOF
same 'lines fit the mapping' "$(python3 "$scratch/check.py" "$scratch/mapping" "$scratch/all" 2>&1 | tail -n 1 | cut -d ' ' -f 1)" "$articles"

# As JSON lines it is read again: the same texts and fields.
export_it 0 --documents
cp "$scratch/out" "$scratch/first.jsonl"
again() { # the export of what 'nsearch-index OPTION... FILE' makes of it
	run 0 "$bin/nsearch-index" -q -i "$@"
	run 0 "$bin/nsearch-export" -i "$1" --documents
}
cat >"$scratch/compare.py" <<'EOF'
import json, sys
FIELDS = ("id", "title", "body", "date", "source", "byline", "url", "language", "updated", "section", "agencies", "people",
          "places", "orgs", "countries", "quotations")
a, b = ({d["id"]: d for d in map(json.loads, open(path))} for path in sys.argv[1:3])
assert a.keys() == b.keys() and len(a) > 40, (len(a), len(b))
bad = [(i, f, a[i].get(f), b[i].get(f)) for i in a for f in FIELDS if a[i].get(f) != b[i].get(f)]
print(*bad[:3], len(bad))
EOF
again "$scratch/again" "$scratch/first.jsonl"
same 'the same articles' "$(python3 "$scratch/compare.py" "$scratch/first.jsonl" "$scratch/out" 2>&1 | tail -n 1)" 0
# With names of its own and a map for them.
sed -e 's/"title":/"caption":/; s/"body":/"story":/; s/"source":/"paper":/' "$scratch/first.jsonl" >"$scratch/renamed.jsonl"
again "$scratch/mapped" --fields title=caption,text=story,source=paper "$scratch/renamed.jsonl"
same 'the same articles by a map' "$(python3 "$scratch/compare.py" "$scratch/first.jsonl" "$scratch/out" 2>&1 | tail -n 1)" 0

# Which articles.
export_it 0 --documents --since 2025-03 --until 2025-03-11
same 'days' "$(json 'len(a) > 3 and all("2025-03-01" <= d["date"] and d["date"][:10] <= "2025-03-11" for d in a)')" True
inside=$(json 'len(a)')
same 'days, counted otherwise' "$(python3 -c '
import json, sys
print(sum("2025-03" <= d.get("date", "")[:10] <= "2025-03-11" for d in map(json.loads, open(sys.argv[1]))))' "$scratch/first.jsonl")" "$inside"
export_it 0 -n 7
same 'a limit' "$(json 'len(a)')" 14
export_it 0 --documents --query 'artillery shells'
exported=$(json 'sorted(d["id"] for d in a)')
run 0 "$bin/nsearch" -i "$index" --json -n 10000 --copies all 'artillery shells'
same 'what a search finds' "$exported" "$(json 'sorted(h["id"] for h in a["hits"])')"
export_it 1 --query zzxqvyw
same 'nothing is written' "$(wc -c <"$scratch/out")" 0
export_it 1 --since 2999

# A long export is written as it is read: it takes no more memory than a short one, but for the index that it maps. What a
# sanitizer keeps back for a while is not counted.
ASAN_OPTIONS="${ASAN_OPTIONS-}:quarantine_size_mb=0:thread_local_quarantine_size_kb=0" python3 - "$bin" "$scratch" <<'E2' || fail 'memory'
import json, os, random, subprocess, sys
tools, scratch = sys.argv[1:]
random.seed(1)
words = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(400)]
sizes = []
for count in 200, 6000:
    path = f"{scratch}/many-{count}"
    with open(path + ".jsonl", "w") as out:
        for n in range(count):
            text = ". ".join(" ".join(random.choices(words, k=9)).capitalize() for _ in range(30)) + "."
            out.write(json.dumps({"id": f"m{n}", "title": f"Report {n}", "date": "2024-05-01", "text": text}) + "\n")
    subprocess.run([f"{tools}/nsearch-index", "-q", "-i", path, path + ".jsonl"], check=True)
    index = sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path))
    process = subprocess.Popen([f"{tools}/nsearch-export", "-q", "-i", path], stdout=subprocess.PIPE)
    written = peak = 0
    for block in iter(lambda: process.stdout.read1(1 << 16), b""):
        written += len(block)
        for line in open(f"/proc/{process.pid}/status"):
            if line.startswith("VmHWM:"):
                peak = max(peak, int(line.split()[1]) << 10)
    assert process.wait() == 0 and peak
    sizes.append((written, index, peak))
(_, _, short), (written, index, long) = sizes
print(f"{written} bytes written from an index of {index}: {long - short} bytes of memory more than for 200 articles")
assert written > 12e6 and long - short < index + 2e6, sizes
E2
checks=$((checks + 1))

# Long ids, and errors.
python3 -c 'import json; print(json.dumps({"id": "x" * 600, "title": "One whale", "text": "A whale came into the harbour."}))' >"$scratch/long.jsonl"
again "$scratch/long" "$scratch/long.jsonl"
run 0 "$bin/nsearch-export" -i "$scratch/long"
same 'a long id' "$(json 'a[0]["index"]["_id"][:5] == "hash-" and len(a[1]["id"]) == 600')" True
run 2 "$bin/nsearch-export" -i "$scratch/none"
err_has 'no index at'
export_it 2 words
err_has 'with --query'
export_it 2 --since yesterday
export_it 2 --name Wire
export_it 2 --name _wire
if [ -w /dev/full ]; then
	checks=$((checks + 1))
	"$bin/nsearch-export" -i "$index" >/dev/full 2>"$scratch/err"
	same 'exit code when nothing can be written' $? 2
fi
finish 36
