# SPDX-License-Identifier: GPL-2.0-or-later
"""hostile.py FOLDER-OF-PROGRAMS: indexes hostile inputs. Each run ends well, soon and in little memory, time grows no
faster than the input, and what comes of it is what should. Promises H2, H3 and bad inputs 1 to 36."""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(__file__))
import generators

programs = os.path.abspath(sys.argv[1])
instrumented = os.environ.get("NSEARCH_INSTRUMENTED") == "1"
is_long = os.environ.get("NSEARCH_TEST_LONG", "0") not in ("", "0")
# The pages that the indexer and its reader share are counted with both: some 12 MB.
SECONDS, MEGABYTES = (60, 4000) if instrumented else (5, 300)
small = 1 << (20 if is_long else 18)
# Short runs are noisy; what grows with the square takes sixteen times as long.
TIMES = 5 if is_long else 9
scratch = tempfile.mkdtemp()
findings = []


def finding(name, what):
    print("FINDING: %s: %s" % (name, what))
    findings.append(name)


class Outcome:
    """One run of nsearch-index over a file: exit status, CPU seconds, peak bytes, the summary."""

    def __init__(self, path, *options):
        index = os.path.join(scratch, "index")
        shutil.rmtree(index, ignore_errors=True)
        out, err = (open(os.path.join(scratch, x), "w+b") for x in ("out", "err"))
        # a shell between: the peak of a process counts what it was forked from
        process = subprocess.Popen(["sh", "-c", '"$@"; exit $?', "sh", programs + "/nsearch-index", "-j", "1", "--json", "-i",
                                    index, *options, "--", path], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (20 * SECONDS, 20 * SECONDS)))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        self.status = os.waitstatus_to_exitcode(status)
        self.seconds = used.ru_utime + used.ru_stime
        for stream in (out, err):
            stream.seek(0)
        self.text, self.errors = out.read(), err.read()
        out.close()
        err.close()
        try:
            self.summary = json.loads(self.text)
        except ValueError:
            self.summary = {}
        self.bytes = self.summary.get("peak_memory", 0)


def put(name, data):
    folder = os.path.join(scratch, "in")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def judge(label, expected, got, seconds=SECONDS):
    if got.status != 0:
        finding(label, "exit %d: %s" % (got.status, got.errors[-300:]))
        return
    if got.seconds > seconds:
        finding(label, "%.1f s" % got.seconds)
    if got.bytes > MEGABYTES << 20:
        finding(label, "%d MB" % (got.bytes >> 20))
    articles, skipped = got.summary.get("articles", -1), got.summary.get("skipped", -1)
    if expected == "ok" and articles < 1:
        finding(label, "no article: %s" % got.errors[-300:])
    if isinstance(expected, int) and articles != expected:
        finding(label, "%d articles: %s" % (articles, got.errors[-300:]))
    if expected == "skip" and (articles != 0 or skipped < 1):
        finding(label, "%d articles, %d skipped" % (articles, skipped))
    if b"\x1b" in got.text + got.errors or b"\x07" in got.text + got.errors:
        finding(label, "a control character in what it says")


def scaling():
    base = min(Outcome(put("a.txt", b"A headline\n\nOne sentence.")).seconds for _ in range(3))
    for label, (expected, make) in generators.SCALING.items():
        if instrumented:  # memory is what is watched; times would tell of the watching
            judge(label, expected, Outcome(put(*make(small // 4))))
            continue
        once, four = (Outcome(put(*make(n))) for n in (small, 4 * small))
        judge(label, expected, once)
        judge(label, expected, four)
        a, b = max(once.seconds - base, 0.005), four.seconds - base
        if b > 0.1 and b / a > TIMES:  # again: the machine may be busy
            a = max(min(Outcome(put(*make(small))).seconds for _ in range(3)) - base, 0.005)
            b = min(Outcome(put(*make(4 * small))).seconds for _ in range(3)) - base
        if b > 0.1 and b / a > TIMES:
            finding(label, "four times the input takes %.1f times as long (%.2f s, %.2f s)" % (b / a, a, b))
    print("promise H2: time linear in the input: %d points, 30 wanted, %d findings" % (len(generators.SCALING), len(findings)))


def singles():
    before = len(findings)
    for label, (expected, name, data) in generators.SINGLE.items():
        judge(label, expected, Outcome(put(name, data)))
    for label, (expected, name, pieces) in generators.LONG.items() if is_long else ():
        path = put(name, b"")
        with open(path, "wb") as f:
            f.writelines(pieces())
        judge(label, expected, Outcome(path), seconds=12 * SECONDS)
    secret = os.path.join(scratch, "secret")
    with open(secret, "w") as f:
        f.write("xyzzysecret")
    judge("XXE", "ok", Outcome(put("a.xml", (generators.XXE % (secret, secret)).encode())))
    for root, _, files in os.walk(os.path.join(scratch, "index")):
        for name in files:
            with open(os.path.join(root, name), "rb") as f:
                if b"xyzzysecret" in f.read():
                    finding("XXE", "the file was read")
    sparse = put("a.txt", b"")
    os.truncate(sparse, 4 << 30)
    judge("sparse file of 4 GB", "any", Outcome(sparse))
    print("promise H1: hostile files: %d points, 42 wanted, %d findings" % (
        len(generators.SINGLE) + len(generators.LONG) * is_long + 2, len(findings) - before))


def bombs():
    before = len(findings)
    path = put("a.txt.gz", generators.zeros(1 << 30))
    plain = Outcome(put("a.txt", b"A headline\n\nOne sentence."))
    path = put("a.txt.gz", generators.zeros(1 << 30))
    got = Outcome(path)
    print("1 GiB of zeros in %d bytes of gzip: %.2f s, %d MB at the peak (%d MB for one sentence)"
          % (os.path.getsize(path), got.seconds, got.bytes >> 20, plain.bytes >> 20))
    judge("zeros", "skip", got)
    if not instrumented and (got.seconds - plain.seconds > 1 or got.bytes > 64 << 20):
        finding("zeros", "%.2f s, %d MB" % (got.seconds, got.bytes >> 20))
    print("promise H3: bounded decompression: 1 points, 1 wanted, %d findings" % (len(findings) - before))


def budgets():
    """Whatever the corpus, a run stays within its budget and 32 MB."""
    before, points = len(findings), 0
    size = (24 if is_long else 4) << 20
    for label, share in (("different articles", 1), ("distinct tokens", 12), ("words", 12)):
        name, data = generators.SCALING[label][1](size if share == 1 else 1 << 20)
        path = put(name, data)
        for budget in (64, 128):
            got = Outcome(path, "--memory", str(budget))
            points += 1
            print("%s, %d MB of input: %d MB at the peak with a budget of %d" % (label, len(data) >> 20, got.bytes >> 20, budget))
            if got.status or (not instrumented and got.bytes > (budget + 32) << 20):
                finding(label, "%d MB with a budget of %d" % (got.bytes >> 20, budget))
    print("promise M2: memory within the budget and 32 MB: %d points, 6 wanted, %d findings" % (points, len(findings) - before))


try:
    bombs()
    budgets()
    singles()
    scaling()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(1 if findings else 0)
