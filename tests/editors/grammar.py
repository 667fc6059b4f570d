#!/usr/bin/env python3
"""The TextMate grammar, run by the library that VS Code runs it with: the scopes of test/grammar/*.ny are those of their snapshots, and no
file of the language's tests has a part that the grammar calls illegal.

usage: grammar.py SOURCE_DIR STAGE [--update]     STAGE has, or gets, node_modules
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT, STAGE = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
FOLDER = ROOT / "editors/vscode"


def install():
    """An explanation where the packages cannot be had, else an empty text."""
    script = 'cd "$1"; . scripts/node-tools; node_tools_install "$2" || { echo "$node_tools_problem"; exit 3; }'
    done = subprocess.run(["bash", "-c", script, "bash", str(ROOT), str(STAGE)], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def snapshots(folder, *options):
    files = sorted(str(path) for path in folder.glob("*.ny"))
    # Expanded here: given a pattern, it would also be true of no file at all.
    assert files, folder
    return subprocess.run(["node", str(STAGE / "node_modules/.bin/vscode-tmgrammar-snap"), "--scope", "source.nyx", "--config", str(FOLDER / "package.json"),
                           "-g", str(FOLDER / "syntaxes/nyx.tmLanguage.json"), *options, *files], cwd=folder).returncode


def illegal_in_corpus():
    """The lines of valid programs that have an illegal scope."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [path for top in ("tests/corpus", "stdlib", "examples") for path in sorted((ROOT / top).rglob("*.ny"))]
        for path in sources:
            shutil.copy(path, folder / "_".join(path.relative_to(ROOT).parts))
        if snapshots(folder, "--updateSnapshot") != 0:
            return ["no snapshots of the corpus"]
        found = [f"{path.name}: {line.strip()}" for path in sorted(folder.glob("*.snap")) for line in path.read_text().splitlines()
                 if line.startswith("#") and "invalid." in line]
        print(f"{len(sources)} valid programs, {len(found)} illegal parts")
        return found


def main():
    problem = install()
    if problem:
        print(f"SKIPPED: no vscode-tmgrammar-test\n{problem}")
        return 0
    if "--update" in sys.argv:
        return snapshots(FOLDER / "test/grammar", "--updateSnapshot")
    found = illegal_in_corpus()
    print("\n".join(found))
    return 1 if found or snapshots(FOLDER / "test/grammar") != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
