#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An index of the Xapian engine whose tables are damaged or gone: verify names what was hit, --only-damaged keeps each
# article that is whole, says which are lost, and brings them back from the sources.
. "${srcdir:?}/tests/cli/lib.sh"
"$bin/nsearch" --version | grep -q xapian || { echo 'SKIP: a build without Xapian'; exit 77; }
index=$scratch/index hurt=$scratch/hurt

# Articles that were replaced and removed are in the tables as well, and must not come back.
printf '{"id": "%s", "title": "Gone", "text": "This article of a zwolnik goes again."}\n' gone-1 gone-2 >"$scratch/gone.jsonl"
run 0 "$bin/nsearch-index" -q -i "$index" --engine xapian "$scratch/gone.jsonl" "$sample"
run 0 "$bin/nsearch-index" -q -i "$index" --remove gone-1 --remove gone-2
run 0 "$bin/nsearch-inspect" -i "$index" verify
run 0 "$bin/nsearch-inspect" -i "$index" --json stats
same 'bytes' "$(json 'a["bytes_index"]')" "$(cat "$index"/xapian/* | wc -c)"
articles() { # of index $1, whatever their order
	"$bin/nsearch-export" -i "$1" | python3 -c 'import json, sys
for line in sys.stdin.readlines()[1::2]:
    a = json.loads(line)
    print([a["id"], a.get("title"), a.get("body")])' | sort
}
articles "$index" >"$scratch/before"
[ "$(wc -l <"$scratch/before")" -ge 60 ] || fail 'too few articles to begin with'

copy() {
	rm -rf "$hurt"
	cp -r "$index" "$hurt"
}
# Repairs the copy with its sources: all is there again. $1: what was done to it
repair() {
	run 2 "$bin/nsearch-inspect" -i "$hurt" verify
	err_has 'damaged place'
	err_has 'only-damaged PATH'
	run 0 "$bin/nsearch-rebuild" -i "$hurt" --only-damaged --json "$sample"
	same "$1: damage" "$(json 'a["repair"]["damaged"] > 0')" True
	kept=$(json 'a["repair"]["kept"]')
	run 0 "$bin/nsearch-inspect" -i "$hurt" verify
	articles "$hurt" | cmp -s "$scratch/before" - || fail "$1: other articles than before: $(articles "$hurt" | diff "$scratch/before" - | head -n 3)"
	run 0 "$bin/nsearch" -i "$hurt" artillery shells
	run 1 "$bin/nsearch" -i "$hurt" zwolnik
}
all=$(wc -l <"$scratch/before")

# A table that is gone: the others say what had been removed, but for that of the postings.
for table in docdata position termlist; do
	copy
	rm "$hurt/xapian/$table.glass"
	repair "without $table"
	same "kept without $table" "$kept" "$([ $table = docdata ] && echo 0 || echo "$all")"
done

# An index that cannot even be opened: what had been removed may come back, and goes as it has no source.
for table in position postlist termlist; do
	copy
	: >"$hurt/xapian/$table.glass"
	run 2 "$bin/nsearch-inspect" -i "$hurt" verify
	err_has 'can be read, 0 cannot'
	run 0 "$bin/nsearch-rebuild" -q -i "$hurt" --only-damaged
	run 0 "$bin/nsearch-inspect" -i "$hurt" verify
	run 0 "$bin/nsearch-index" -q -i "$hurt" --remove gone-1 --remove gone-2
	articles "$hurt" | cmp -s "$scratch/before" - || fail "empty $table: other articles than before"
done

# A byte, and a block, of each; where nothing of the index lies a byte may be anything.
python3 - "$index" "$hurt" "$bin" "$sample" <<'E2' || fail 'damaged bytes: see above'
import json, os, random, shutil, subprocess, sys
index, hurt, tools, sample = sys.argv[1:]
seed = int(os.environ.get("NSEARCH_TEST_SEED", "1"))
rounds = 40 if os.environ.get("NSEARCH_TEST_LONG") else 3
random.seed(seed)
print("seed", seed)
def run(*words):
    return subprocess.run([os.path.join(tools, words[0]), "-i", hurt, *words[1:]], capture_output=True, timeout=120)
def contents():
    lines = run("nsearch-export").stdout.splitlines()[1::2]
    return sorted((a["id"], a.get("title"), a.get("body")) for a in map(json.loads, lines))
shutil.rmtree(hurt)
shutil.copytree(index, hurt)
whole, bad = contents(), 0
for table in "docdata", "position", "postlist", "termlist":
    path = os.path.join(hurt, "xapian", table + ".glass")
    found = 0
    for i in range(2 * rounds):
        shutil.rmtree(hurt)
        shutil.copytree(index, hurt)
        data = bytearray(open(path, "rb").read())
        at = random.randrange(len(data))
        if i % 2:
            data[at] ^= 1 << random.randrange(8)
        else:
            data[at:at + 400] = bytes(random.randrange(256) for _ in range(len(data[at:at + 400])))
        open(path, "wb").write(data)
        looked = run("nsearch-inspect", "verify")
        repaired = run("nsearch-rebuild", "--only-damaged", "--json", sample)
        after = run("nsearch-inspect", "verify")
        if repaired.returncode or after.returncode or looked.returncode not in (0, 2) or len(contents()) < len(whole):
            print(f"{table} at {at}: verify {looked.returncode}, repair {repaired.returncode} {repaired.stderr[-200:]}, then {after.returncode}")
            bad += 1
            continue
        hit = json.loads(repaired.stdout)["repair"]["damaged"]
        if (hit > 0) != (looked.returncode == 2):
            print(f"{table} at {at}: verify says {looked.returncode}, repair {hit} places")
            bad += 1
        found += hit > 0
        # What was removed may come back where nothing says any more that it was.
        if [a for a in contents() if not a[0].startswith("gone-")] != whole:
            print(f"{table} at {at}: other articles")
            bad += 1
    if not found:
        print(f"{table}: only {found} of {2 * rounds} were found")
        bad += 1
sys.exit(bad > 0)
E2

# Without sources: what can be read stays, what is lost is named with its file.
copy
rm "$hurt/xapian/docdata.glass"
run 1 "$bin/nsearch-rebuild" -v -i "$hurt" --only-damaged
err_has "lost: article 'mna-dam' of file '.*meridian.jsonl'"
err_has '0 articles kept'
run 0 "$bin/nsearch-index" -q -i "$hurt" "$sample"
articles "$hurt" | cmp -s "$scratch/before" - || fail 'the sources do not bring back what was lost'

# A damaged manifest, and none of its lines.
for text in 'engine' ''; do
	copy
	printf '%s' "$text" >"$hurt/MANIFEST"
	repair "manifest '$text'"
	same 'kept' "$kept" "$all"
done

# Killed on its way, the damaged index is there, or the repaired one.
copy
dd if=/dev/zero of="$hurt/xapian/position.glass" bs=100 seek=5 count=1 conv=notrunc 2>/dev/null
cp -r "$hurt" "$scratch/again"
delay=1
while [ $delay -le 10 ]; do
	rm -rf "$hurt"
	cp -r "$scratch/again" "$hurt"
	"$bin/nsearch-rebuild" -q -i "$hurt" --only-damaged >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$(printf %02d $((delay * 3)))"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	run 0 "$bin/nsearch-rebuild" -q -i "$hurt" --only-damaged
	run 0 "$bin/nsearch-inspect" -i "$hurt" verify
	articles "$hurt" | cmp -s "$scratch/before" - || fail "other articles after a repair that was killed"
	delay=$((delay + 1))
done
[ "$(ls "$hurt" | tr '\n' ' ')" = "$(ls "$index" | tr '\n' ' ')" ] || fail "left behind: $(ls "$hurt")"
finish 60
