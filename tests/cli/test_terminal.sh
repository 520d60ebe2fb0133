#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Indexed text, ids, file names and queries cannot control a terminal; colour is for terminals that want it.
. "${srcdir:?}/tests/cli/lib.sh"
command -v script >/dev/null || { echo "script(1) is missing"; exit 77; }
index=$scratch/index

# An article with every control character and every mark of direction in each of its fields, one a run of words.
python3 - "$scratch" <<'PYTHON' || exit 1
import json, os, sys
bad = [chr(c) for c in list(range(1, 32)) + list(range(127, 160))]
bad += [chr(c) for c in (0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff, *range(0x202a, 0x202f), *range(0x2066, 0x206a))]
evil = "".join("artillery%sshells " % c for c in bad) + "\x1b]52;c;QUJD\x07 \x1b[2J\x1b]0;owned\x07 \x9b31m"
with open(sys.argv[1] + "/evil.jsonl", "w") as out:
    json.dump({"id": "evil\x1b[31m\x9b32m", "title": "Shells " + evil, "text": evil + ". Second sentence. Third one.",
               "source": "Outlet " + evil, "byline": evil, "url": "http://example.org/\x1b[31m"}, out)
    out.write("\n{\"id\": \"no\x1b[31mtext\"}\n{broken \x1b[31m\n")
os.mkdir(os.path.join(os.fsencode(sys.argv[1]), b"odd\x1b[31m\xff"))
with open(os.path.join(os.fsencode(sys.argv[1]), b"odd\x1b[31m\xff", b"na\x1b]0;me\x07.txt"), "w") as out:
    out.write("A headline about shells\n\n" + evil + " is a sentence long enough to be one.\n")
open(os.path.join(os.fsencode(sys.argv[1]), b"odd\x1b[31m\xff", b"\x1b[31mempty.txt"), "w").close()
PYTHON

# on_terminal COMMAND...: its output as a terminal gets it.
on_terminal() {
	quoted=
	for word in "$@"; do
		quoted="$quoted '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"
	done
	TERM=xterm SHELL=/bin/sh script -q -e -c "stty cols 72; $quoted" /dev/null >"$scratch/out" 2>&1 </dev/null
	checks=$((checks + 1))
	[ -s "$scratch/out" ] || fail "no output: $*"
}
# Nothing but text, line ends and what 'allowed' (a Python pattern) says.
harmless() { # ALLOWED WHAT
	python3 - "$scratch/out" "$1" <<'PYTHON' || fail "$2 can control a terminal"
import re, sys
text = re.sub(sys.argv[2].encode(), b"", open(sys.argv[1], "rb").read())
bad = re.findall(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", text)
bad += [c for c in text.decode("utf-8", "replace")
        if 0x7f <= ord(c) < 0xa0 or 0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069 or ord(c) in (0x61c, 0x200e, 0x200f, 0x2028, 0x2029)]
if bad:
    print("reached the terminal:", bad[:10])
    sys.exit(1)
PYTHON
}
sgr='\x1b\[[0-9;]*m'
progress='\x1b\[K'

on_terminal "$bin/nsearch-index" -i "$index" -v "$scratch/evil.jsonl" "$scratch"/odd*
harmless "$progress" 'nsearch-index'
grep -q skipped "$scratch/out" || fail "nothing was skipped: $(cat "$scratch/out")"
on_terminal "$bin/nsearch" -i "$index" --color=never --explain -n 20 artillery shells
harmless '\r' 'nsearch'
grep -q 'found in' "$scratch/out" || fail "nothing was found: $(cat "$scratch/out")"
on_terminal "$bin/nsearch" -i "$index" --json --explain artillery shells
harmless '\r' 'nsearch --json'
on_terminal "$bin/nsearch" -i "$index" "$(printf 'shells \033[31m \302\233')"
harmless "$sgr" 'a query'
on_terminal "$bin/nsearch" -i "$(printf '/no/\033[31mwhere')" shells
harmless '\r' 'the name of an index'
for command in stats 'terms raw:' 'postings shells' groups 'article no'; do
	# shellcheck disable=SC2086
	on_terminal "$bin/nsearch-inspect" -i "$index" --color=never -n 0 $command
	harmless '\r' "nsearch-inspect $command"
done
on_terminal "$bin/nsearch-inspect" -i "$index" --color=never article "$(printf 'evil\033[31m\302\23332m')"
harmless '\r' 'nsearch-inspect article'
on_terminal "$bin/nsearch-inspect" --color=never read "$scratch/evil.jsonl" "$scratch"/odd*
harmless '\r' 'nsearch-inspect read'
on_terminal "$bin/nsearch-inspect" --json read "$scratch/evil.jsonl" "$scratch"/odd*
harmless '\r' 'nsearch-inspect --json read'

# Colour: on a terminal, not with NO_COLOR, not on a dumb one, not in a pipe unless asked for.
escape=$(printf '\033')
on_terminal "$bin/nsearch" -i "$index" shells
grep -q "${escape}\[1;31m[Ss]hells${escape}\[0m" "$scratch/out" || fail "the match is not in colour on a terminal"
on_terminal env NO_COLOR=1 "$bin/nsearch" -i "$index" shells
! grep -q "$escape" "$scratch/out" || fail "colour in spite of NO_COLOR"
on_terminal env TERM=dumb "$bin/nsearch" -i "$index" shells
! grep -q "$escape" "$scratch/out" || fail "colour on a dumb terminal"
run 0 "$bin/nsearch" -i "$index" shells
out_lacks "$escape"
run 0 "$bin/nsearch" -i "$index" --color=always shells
out_has "$escape"

# Lines are no wider than the terminal.
run 0 "$bin/nsearch-index" -q -i "$scratch/wide" "$sample"
on_terminal "$bin/nsearch" -i "$scratch/wide" --color=never artillery shells
python3 - "$scratch/out" <<'PYTHON' || fail "a line is wider than the terminal"
import sys
lines = open(sys.argv[1], encoding="utf-8", newline="\n").read().split("\n")
# The line with outlet, date and id stays in one piece: an id is there to be copied.
wide = [line for line in lines if len(line.rstrip("\r")) > 72 and not ("  " in line.strip() and ", " in line)]
print(*wide, sep="\n")
sys.exit(bool(wide) or len(lines) < 20)
PYTHON
echo "promise T1: outputs on a terminal, of every control character: $checks points, 20 wanted, $failed findings"
finish 20
