#!/usr/bin/env python3
"""Every header compiles alone.

usage: check_headers.py SOURCE_DIR BUILD_DIR [JOBS]

Flags are those of a source file of the same folder in compile_commands.json.
"""
import concurrent.futures
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

CCACHE = [path for path in [shutil.which("ccache")] if path]
TOPS = ("compiler", "runtime", "devices")


def flags_by_folder(root, build):
    folders = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        if f"-I{root}" not in words:  # not code of ours: a library's source that is compiled here
            continue
        kept, skip = [], False
        for word in words:
            if skip:
                skip = False
            elif word in ("-o", "-c"):
                skip = True
            else:
                kept.append(word)
        folders.setdefault(str(Path(entry["file"]).parent), kept)
    return folders


def nearest(folders, folder):
    while str(folder) not in folders and folder != folder.parent:
        folder = folder.parent
    return folders.get(str(folder))


def compile_header(header, name, scratch, command):
    """Through a source file and an object, so that ccache knows the result next time."""
    source = scratch / (name.replace("/", "_") + ".cc")
    if not source.exists():
        source.write_text(f'#include "{name}"\n')
    done = subprocess.run([*CCACHE, *command, "-O0", "-g0", "-c", str(source), "-o", str(source.with_suffix(".o"))],
                          capture_output=True, text=True)
    return header, done.returncode, done.stderr


def main():
    root, build = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    jobs = int(sys.argv[3]) if len(sys.argv) > 3 else os.cpu_count()
    folders = flags_by_folder(root, build)
    fallback = folders[str(root / "runtime/base")]
    headers = sorted(p for top in TOPS for p in (root / top).rglob("*.h"))
    scratch = build / "headers"
    scratch.mkdir(exist_ok=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        work = [pool.submit(compile_header, h, str(h.relative_to(root)), scratch, nearest(folders, h.parent) or fallback)
                for h in headers]
        for item in work:
            header, status, text = item.result()
            if status != 0:
                failed += 1
                print(f"{header.relative_to(root)} does not compile alone:\n{text}")
    print(f"{len(headers) - failed} of {len(headers)} headers compile alone")
    return 1 if failed or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
