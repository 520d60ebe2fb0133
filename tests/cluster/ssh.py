#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A shard by ssh, against a sshd of our own on loopback: searched and written; the ssh killed and stopped; a key that is refused,
a host that is not known: nothing hangs, nothing is asked for, no process is left.

    ssh.py SAMPLE"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

import servers

TIMEOUT = 3.0  # seconds, in the list; more where ssh itself takes long
SLACK = 2.0
failed = checks = 0


def same(what, a, b):
    global failed, checks
    checks += 1
    if a != b:
        failed += 1
        print(f"FAIL: {what}: {str(a)[:300]} and {str(b)[:300]} differ")


class Daemon:
    """A sshd for one key, and the 'ssh' that programs find in PATH, which knows both as 'loop'."""

    def __init__(self, scratch):
        self.folder, self.port, self.process = os.path.join(scratch, "ssh"), servers.free_port(), None
        os.mkdir(self.folder, 0o700)
        for key in "host", "key":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.at(key)], check=True)
        with open(self.at("host.pub")) as key:
            self.host_key = " ".join(key.read().split()[:2])
        self.allow(True)
        self.know(True)
        self.write("sshd_config", f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.at('host')}\nUsePAM no\n"
                   f"AuthorizedKeysFile {self.at('authorized')}\nStrictModes no\nPasswordAuthentication no\nPidFile none\n")
        self.write("config", f"Host loop\nHostName 127.0.0.1\nPort {self.port}\nIdentityFile {self.at('key')}\n"
                   f"IdentitiesOnly yes\nUserKnownHostsFile {self.at('known')}\nGlobalKnownHostsFile none\n")
        os.mkdir(self.at("bin"))
        self.write("bin/ssh", f"#!/bin/sh\nexec {shutil.which('ssh')} -F {self.at('config')} \"$@\"\n")
        os.chmod(self.at("bin/ssh"), 0o755)
        servers.ENV["PATH"] = self.at("bin") + ":" + servers.ENV["PATH"]

    def at(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.at(name), "w") as out:
            out.write(text)

    def allow(self, yes):
        shutil.copy(self.at("key.pub" if yes else "host.pub"), self.at("authorized"))

    def know(self, yes):
        self.write("known", f"[127.0.0.1]:{self.port} {self.host_key}\n" if yes else "")

    def start(self):
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)
        self.process = subprocess.Popen([shutil.which("sshd", path=servers.ENV["PATH"] + ":/usr/sbin"), "-D", "-e", "-f",
                                         self.at("sshd_config")], stderr=open(self.at("log"), "w"))
        for _ in range(100):
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def answers(self):
        return subprocess.run([self.at("bin/ssh"), "-o", "BatchMode=yes", "loop", "true"], stderr=subprocess.DEVNULL).returncode == 0

    def stop(self):
        self.process.terminate()
        self.process.wait()


def processes(of):
    """Those whose command names a folder: (pid, state, command)."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as text, open(f"/proc/{pid}/stat") as stat:
                words = text.read().replace(b"\0", b" ").decode()
                if of in words and "xapian-progsrv" in words and int(pid) != os.getpid():
                    found.append((int(pid), stat.read().rpartition(")")[2].split()[0], words))
        except OSError:
            pass
    return found


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as text:
        return text.read().split()


def send(folder, number):
    """To the ssh that we started, not to what it runs there."""
    for pid, _, words in processes(folder):
        if "BatchMode" in words and words.startswith("ssh") or "/ssh " in words:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass


def until_whole(search, query):
    patience = 8 + 2 * TIMEOUT
    begin = time.monotonic()
    while time.monotonic() - begin < patience:
        answer, seconds = search.ask(query)
        if not answer["partial"]:
            return answer, time.monotonic() - begin
        same("a partial answer waits for nobody", seconds < 0.5 + SLACK, True)
        time.sleep(0.1)
    same(f"whole again within {patience} s", answer["partial"], False)
    return answer, patience


def adapt(daemon):
    """To a busy machine: a step is a third of the time, and ssh must open in one."""
    global TIMEOUT, SLACK
    slowest = 0.0
    for _ in range(3):
        begin = time.monotonic()
        daemon.answers()
        slowest = max(slowest, time.monotonic() - begin)
    TIMEOUT, SLACK = max(TIMEOUT, 12 * slowest), max(SLACK, 2 * slowest)
    print(f"ssh opens in {slowest:.2f} s; time-out {TIMEOUT:.1f} s")


def run(scratch, sample):
    folders = {n: f"{scratch}/{n}" for n in "ab"}
    here = servers.write_list(f"{scratch}/here.ini", {n: f"where = {f}" for n, f in folders.items()})
    servers.tool("nsearch-index", "-q", "-i", here, sample)
    daemon = Daemon(scratch)
    if not daemon.start():
        daemon.stop()
        print("SKIP: a sshd of our own does not answer:", open(daemon.at("log")).read()[-300:])
        sys.exit(77)
    adapt(daemon)
    try:
        ask_all(scratch, daemon, folders, here, sample)
    finally:
        send(folders["b"], 9)
        daemon.stop()


def ask_all(scratch, daemon, folders, here, sample):
    remote = servers.write_list(f"{scratch}/remote.ini", {"a": f"where = {folders['a']}",
                                                          "b": f"where = ssh loop {folders['b']}/xapian"}, f"{TIMEOUT} s")
    expected = servers.Search(here)
    search = servers.Search(remote)
    for query in "artillery shells", "dam", "title:copper", "north korea":
        answer, whole = until_whole(search, query)[0], expected.ask(query)[0]
        same(f"the answer to '{query}'", servers.essence(answer), servers.essence(whole))
        same("it is whole", answer["partial"], False)
    # Killed: another is started; stopped: the search waits no longer than it may, and another is started.
    for number, what in ((9, "killed"), (19, "stopped")):
        send(folders["b"], number)
        answer, seconds = search.ask(f"river {what}")
        same(f"with the ssh {what}, within its time", seconds < TIMEOUT + SLACK, True)
        answer, _ = until_whole(search, "dam")
        same(f"after the ssh was {what}", servers.essence(answer), servers.essence(expected.ask("dam")[0]))
        send(folders["b"], 18)
    # Refused, and a host whose key is not known: at once, and said; whole again when that is mended.
    for change in daemon.allow, daemon.know:
        change(False)
        send(folders["b"], 9)
        time.sleep(0.1)
        search.ask("rain")  # the one that meets it
        for _ in range(4):
            answer, seconds = search.ask("flood")
            same("refused, within its time", seconds < TIMEOUT + SLACK, True)
            same("refused: it says so", [s["answered"] for s in answer["shards"]], [True, False])
            time.sleep(0.5)
        same("what to try is said", "should print something" in answer["shards"][1]["reason"], True)
        once = subprocess.run([os.path.join(servers.TOOLS, "nsearch"), "-i", remote, "dam"], capture_output=True, env=servers.ENV,
                              timeout=TIMEOUT + SLACK, stdin=subprocess.DEVNULL)
        same("the exit code of a part", once.returncode, 4)
        change(True)
        time.sleep(1)
        until_whole(search, "dam")
    same("no process is left behind", len(children(search.process.pid)) <= 2, True)
    search.close()
    expected.close()
    # Written through it; then all is there, and again nothing is new.
    extra = f"{scratch}/extra.jsonl"
    with open(extra, "w") as out:
        for month in range(1, 13):
            out.write(f'{{"id": "z{month}", "title": "A zwolnik", "text": "Nobody knows zwolnik {month}.", "date": "2025-{month:02d}-05"}}\n')
    patient = servers.write_list(f"{scratch}/patient.ini", {"a": f"where = {folders['a']}",
                                                            "b": f"where = ssh loop {folders['b']}/xapian"}, "30 s")
    for _ in range(2):
        servers.tool("nsearch-index", "-q", "-i", patient, extra)
    search = servers.Search(here, "--copies", "all", "-n", "50")
    same("what was written through it", search.ask("zwolnik")[0]["found"], 12)
    search.close()
    for _ in range(100):
        left = [p for p in processes(folders["b"]) if p[1] != "Z"]
        if not left:
            break
        time.sleep(0.1)
    same("processes left", left, [])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        run(scratch, sys.argv[1])
    print(f"a shard by ssh: {checks} checks, {failed} findings")
    if checks < 20:
        print("FAIL: too few checks")
    sys.exit(1 if failed or checks < 20 else 0)


if __name__ == "__main__":
    lacking = [name for name in ("xapian-progsrv", "ssh", "ssh-keygen") if not shutil.which(name)]
    if not shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin"):
        lacking.append("sshd")
    if lacking:
        print("SKIP:", ", ".join(lacking), "not installed (xapian-tools, openssh-client, openssh-server)")
        sys.exit(77)
    main()
