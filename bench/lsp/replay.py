#!/usr/bin/env python3
"""Replays an editing session against `nyxc lsp` and prints how soon after each keystroke its diagnostics are there.

usage: replay.py NYXC [--interval MS] [--keys N] [--file FILE.ny]

syntax:   from the write of the didChange to the end of the first publishDiagnostics with its version
semantic: to the end of the last one with its version: all that `nyxc check` says. A keystroke that is overtaken by the next one before its
          diagnostics are complete counts as the interval, and is counted as overtaken.
The server does not debounce: it begins with every keystroke at once. The interval is the time from one keystroke to the next.
"""
import argparse
import json
import os
import platform
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import typist

GOALS = {"syntax": 16.0, "semantic": 50.0}  # milliseconds, of p95


class Server:
    def __init__(self, nyxc, folder):
        self.process = subprocess.Popen([nyxc, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.messages = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def send(self, method, parameters, identity=None):
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if identity is not None:
            message["id"] = identity
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                length = int(line.split(b":")[1])
            if not length:
                return
            body = self.process.stdout.read(length)
            self.messages.put((time.perf_counter(), json.loads(body)))

    def published(self, until):
        """(time, version) of every publishDiagnostics up to that moment."""
        while (left := until - time.perf_counter()) > 0:
            try:
                at, message = self.messages.get(timeout=left)
            except queue.Empty:
                return
            if message.get("method") == "textDocument/publishDiagnostics":
                yield at, message["params"].get("version")

    def usage(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        rss = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), rss


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def replay(server, uri, edits, interval):
    times = {"syntax": [], "semantic": []}
    overtaken = 0
    for version, (line, column, removed, text) in enumerate(edits, 2):
        span = {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + removed}}
        change = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"range": span, "text": text}]}
        start = time.perf_counter()
        server.send("textDocument/didChange", change)
        seen = [at - start for at, about in server.published(start + interval) if about == version]
        times["syntax"].append(seen[0] if seen else interval)
        times["semantic"].append(seen[-1] if len(seen) > 1 else interval)
        overtaken += len(seen) < 2
    return times, overtaken


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nyxc")
    parser.add_argument("--interval", type=float, default=120, help="milliseconds between keystrokes")
    parser.add_argument("--keys", type=int, default=0, help="only so many keystrokes")
    parser.add_argument("--no-goals", action="store_true", help="end with 0 where a goal is missed too")
    parser.add_argument("--file", help="a text to edit in place of the generated one")
    options = parser.parse_args()
    text = Path(options.file).read_text() if options.file else typist.document()
    edits = list(typist.session(text))[:options.keys or None]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "guest.bin").write_bytes(b"\xf4" * 4096)
        server = Server(str(Path(options.nyxc).resolve()), folder)
        uri = (Path(folder) / "edited.ny").as_uri()
        server.send("initialize", {"capabilities": {}}, 1)
        server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "nyx", "version": 1, "text": text}})
        for _ in server.published(time.perf_counter() + 3):
            pass
        before, _ = server.usage()
        times, overtaken = replay(server, uri, edits, options.interval / 1000)
        after, rss = server.usage()
        server.process.kill()
        server.process.wait()
    print(f"{processor()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {text.count(chr(10))} lines, {len(edits)} keystrokes, "
          f"{options.interval:.0f} ms apart")
    print(f"{'keystroke to':<24}{'p50':>8}{'p95':>8}{'max':>8}  goal (p95)")
    met = True
    for name, values in times.items():
        row = [1000 * v for v in (quantile(values, 0.5), quantile(values, 0.95), max(values))]
        met = met and row[1] < GOALS[name]
        print(f"{name + ' diagnostics':<24}" + "".join(f"{v:>8.1f}" for v in row) + f"  < {GOALS[name]:.0f} ms: {'met' if row[1] < GOALS[name] else 'MISSED'}")
    print(f"overtaken: {overtaken}; processor time {1000 * (after - before) / len(edits):.1f} ms a keystroke; resident {rss >> 20} MiB")
    return 0 if met or options.no_goals else 1


if __name__ == "__main__":
    sys.exit(main())
