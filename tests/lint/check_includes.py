#!/usr/bin/env python3
"""Holds the include rules of docs/architecture.md.

usage: check_includes.py SOURCE_DIR LAYERS_JSON

layers.json is written by cmake/NyxLibrary.cmake at configure time: library -> layer, folder, deps.
  1. A file of a library includes only its own folder and the folders of its (transitively) declared dependencies.
  2. Third-party headers with walls stay inside them: antlr4, LLVM, linux/kvm.h.
  3. Every header has `#pragma once`.
  4. nyx never links the compiler: no file under runtime/ or devices/ includes compiler/.
Exit status 1 and one line a violation.
"""
import json
import re
import sys
from pathlib import Path

WALLS = [
    (re.compile(r"^(antlr4-runtime|antlr4-common)"), ["compiler/syntax"]),
    (re.compile(r"^llvm(-c)?/"), ["compiler/codegen", "runtime/soft/jit/llvm"]),
    (re.compile(r"^pugixml\.hpp$"), ["compiler/interchange"]),
    (re.compile(r"^yaml-cpp/"), ["compiler/interchange", "compiler/package"]),
    (re.compile(r"^linux/kvm\.h$"), ["runtime/kvm"]),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
OURS = ("compiler/", "runtime/", "devices/")


def reachable(libraries, name):
    seen, todo = set(), [name]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += libraries[current]["deps"]
    return seen


def owner(folders, path):
    """The library whose folder is the longest prefix of path."""
    best = None
    for folder, library in folders.items():
        if path.startswith(folder + "/") and (best is None or len(folder) > len(best[0])):
            best = (folder, library)
    return best[1] if best else None


def check_file(root, path, libraries, folders):
    text = (root / path).read_text(encoding="utf-8")
    if path.endswith(".h") and "#pragma once" not in text:
        yield f"{path}: a header needs #pragma once"
    library = owner(folders, path)
    allowed = reachable(libraries, library) if library else None
    for match in INCLUDE.finditer(text):
        line, header = text.count("\n", 0, match.start(2)) + 1, match.group(2)
        for pattern, homes in WALLS:
            if pattern.search(header) and not any(path.startswith(home + "/") for home in homes):
                yield f"{path}:{line}: {header} belongs to {' and '.join(homes)} only"
        if not header.startswith(OURS):
            continue
        if path.startswith(("runtime/", "devices/")) and header.startswith("compiler/"):
            yield f"{path}:{line}: {header}: nyx knows nothing of the compiler"
        elif allowed is not None and owner(folders, header) not in allowed:
            yield f"{path}:{line}: {header}: {library} does not declare a dependency on {owner(folders, header)}"


def main():
    root, libraries = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    folders = {entry["folder"]: name for name, entry in libraries.items()}
    files = [p for top in ("compiler", "runtime", "devices", "tests", "bench") for p in (root / top).rglob("*")
             if p.suffix in (".h", ".cc", ".def")]
    problems = [line for p in sorted(files) for line in check_file(root, str(p.relative_to(root)), libraries, folders)]
    if not files:
        problems = ["no source files found: wrong folder?"]
    print("\n".join(problems) if problems else f"{len(files)} files keep the include rules")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
