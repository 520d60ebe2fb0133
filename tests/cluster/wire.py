#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A wire between a search and a server: counts bytes and turns, and delays each by as long as a real wire would.

    wire.py LISTEN_PORT SERVER_PORT DELAY_MS [REPORT]

DELAY_MS is for one way. REPORT gets a JSON object when the wire is terminated, and whenever it gets SIGUSR1 (then the
counts begin anew): bytes each way, turns (how often the search began to speak after the server had), connections."""
import json
import select
import signal
import socket
import sys
import threading
import time
from collections import deque

counts = {"to_server": 0, "to_search": 0, "turns": 0, "connections": 0}
lock = threading.Lock()


def report(path):
    with lock, open(path + ".new", "w") as out:
        json.dump(counts, out)
    import os
    os.replace(path + ".new", path)
    with lock:
        for key in counts:
            counts[key] = 0


def carry(search, server, delay):
    """Both ways of one connection in one thread; what arrives is due after the delay, in its order."""
    due = deque()  # (time, to, bytes; None: the end)
    last = None
    open_ends = {search: server, server: search}
    while open_ends or due:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        ready = select.select(list(open_ends), [], [], wait)[0]
        now = time.monotonic()
        for end in ready:
            try:
                data = end.recv(1 << 16)
            except OSError:
                data = b""
            to = open_ends[end]
            if not data:
                del open_ends[end]
            with lock:
                counts["to_server" if end is search else "to_search"] += len(data)
                if end is search and data and last is not search:
                    counts["turns"] += 1
            if data:
                last = end
            due.append((now + delay, to, data or None))
        while due and due[0][0] <= time.monotonic():
            _, to, data = due.popleft()
            try:
                if data is None:
                    to.shutdown(socket.SHUT_WR)
                else:
                    to.sendall(data)
            except OSError:
                pass
    search.close()
    server.close()


def main():
    listen, port, delay = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000
    path = sys.argv[4] if len(sys.argv) > 4 else None
    if path:
        signal.signal(signal.SIGUSR1, lambda *_: report(path))
    signal.signal(signal.SIGTERM, lambda *_: (path and report(path), sys.exit(0)))
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", listen))
    door.listen(64)
    print("ready", flush=True)
    while True:
        search, _ = door.accept()
        try:
            server = socket.create_connection(("127.0.0.1", port), 5)
        except OSError:
            search.close()
            continue
        for end in search, server:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with lock:
            counts["connections"] += 1
        threading.Thread(target=carry, args=(search, server, delay), daemon=True).start()


main()
