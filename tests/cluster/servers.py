# SPDX-License-Identifier: GPL-2.0-or-later
"""Shards for tests: folders below one scratch folder, a xapian-tcpsrv for each, and a search that goes on while they die."""
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time

TOOLS = os.path.abspath("tools")
ENV = dict(os.environ, LC_ALL="C", XAPIAN_MAX_CHANGESETS="20")


def needed():
    """What the tests cannot do without, and is missing here."""
    return [name for name in ("xapian-tcpsrv", "xapian-replicate", "xapian-replicate-server") if not shutil.which(name)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tool(name, *words, codes=(0,)):
    done = subprocess.run([os.path.join(TOOLS, name), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV,
                          timeout=3600)
    if done.returncode not in codes:
        raise SystemExit(f"FAIL: {name} {' '.join(words)}: exit {done.returncode}\n{done.stderr.decode()[:2000]}")
    return done.stdout.decode()


class Server:
    """A xapian-tcpsrv with its children, in a group of their own."""

    def __init__(self, folder, writable=False, port=None):
        inside = os.path.join(folder, "xapian")  # a replica has its database at the top
        self.folder = inside if os.path.isdir(inside) else folder
        self.writable, self.port, self.process = writable, port or free_port(), None

    def start(self):
        words = ["xapian-tcpsrv", "--interface", "127.0.0.1", "--port", str(self.port), "--quiet"]
        self.process = subprocess.Popen(words + ["--writable"] * self.writable + [self.folder], start_new_session=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
        for _ in range(500):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    s.settimeout(2)
                    if s.recv(1):
                        return self
            except OSError:
                if self.process.poll() is not None:
                    break
            time.sleep(0.01)
        raise SystemExit(f"FAIL: no server for {self.folder}")

    def send(self, number):
        os.killpg(self.process.pid, number)

    def stop(self):
        if self.process:
            for number in signal.SIGCONT, signal.SIGKILL:
                try:
                    self.send(number)
                except ProcessLookupError:
                    pass
            self.process.wait()
        self.process = None


class Search:
    """A nsearch that answers one query after another."""

    def __init__(self, index, *options, start_new_session=False):
        self.process = subprocess.Popen([os.path.join(TOOLS, "nsearch"), "-i", index, "--json", "--queries", "-", *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV,
                                        start_new_session=start_new_session)

    def ask(self, query, patience=60):
        """The answer and its seconds."""
        begin = time.monotonic()
        self.process.stdin.write(f"q\t{query}\n".encode())
        self.process.stdin.flush()
        line = b""
        while not line.endswith(b"\n"):
            left = patience - (time.monotonic() - begin)
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise SystemExit(f"FAIL: '{query}' was not answered in {patience} s")
            some = os.read(self.process.stdout.fileno(), 1 << 20)
            if not some:
                error = self.process.stderr.read().decode()
                raise SystemExit(f"FAIL: the search ended at '{query}': {error[:500]}")
            line += some
        return json.loads(line), time.monotonic() - begin

    def close(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


def essence(answer):
    """What must be equal: which articles, in which order, with which scores; how many were found."""
    return answer["found"], [(h["id"], round(h["score"], 6)) for h in answer["hits"]]


def write_list(path, shards, timeout=None):
    """shards: name -> lines of its section."""
    with open(path + ".new", "w") as out:
        if timeout:
            out.write(f"timeout = {timeout}\n")
        for name, lines in shards.items():
            out.write(f"\n[{name}]\n{lines}\n")
    os.replace(path + ".new", path)
    return path
