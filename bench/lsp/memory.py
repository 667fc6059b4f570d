#!/usr/bin/env python3
"""Whether the memory of `nyxc lsp` stays flat: edits of one file as fast as the server takes them, its resident memory after each tenth.

usage: memory.py NYXC [EDITS]     (default: $NYX_LSP_EDITS, or 400)

After every edit the complete diagnostics are waited for, and every tenth is followed by a completion. Status 1: the second half grew by more than
a tenth and 16 MiB.
"""
import os
import sys
import tempfile
import time
from pathlib import Path

import replay
import typist


def settle(server, identity):
    """The answer to this request comes after everything before it was looked at."""
    while True:
        _, message = server.messages.get(timeout=120)
        if message.get("id") == identity:
            return


def main():
    nyxc, edits = sys.argv[1], int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("NYX_LSP_EDITS", "400"))
    text = typist.document(100)
    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        server = replay.Server(str(Path(nyxc).resolve()), folder)
        uri = (Path(folder) / "edited.ny").as_uri()
        server.send("initialize", {"capabilities": {}}, 1)
        server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "nyx", "version": 1, "text": text}})
        keys = list(typist.typing(1, typist.TYPED[2] + typist.TYPED[0]))
        undo = len(keys)
        start = time.perf_counter()
        for number in range(edits):
            line, column, removed, key = keys[number % undo]
            change = {"range": {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + removed}}, "text": key}
            if number % undo == undo - 1:
                change = {"text": text}
            document = {"uri": uri, "version": number + 2}
            server.send("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
            # Waits for the build stage as well, so every edit is worked through to its end.
            whole = {"start": {"line": 0, "character": 0}, "end": {"line": 5, "character": 0}}
            server.send("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": whole, "context": {"diagnostics": []}}, 2 * number + 2)
            settle(server, 2 * number + 2)
            if number % 10 == 0:
                server.send("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}, 2 * number + 3)
                settle(server, 2 * number + 3)
            if (number + 1) % max(1, edits // 10) == 0:
                sizes.append(server.usage()[1])
                print(f"{number + 1:>8} edits  {sizes[-1] / (1 << 20):8.1f} MiB  {time.perf_counter() - start:8.1f} s", flush=True)
        server.process.kill()
        server.process.wait()
    grown = sizes[-1] - sizes[len(sizes) // 2 - 1]
    return 1 if grown > max(16 << 20, sizes[len(sizes) // 2 - 1] // 10) else 0


if __name__ == "__main__":
    sys.exit(main())
