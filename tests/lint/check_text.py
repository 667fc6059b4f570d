#!/usr/bin/env python3
"""Small rules over the tree that no compiler holds.

usage: check_text.py SOURCE_DIR

  1. Every folder with sources has a README.md of at most 60 lines.
  2. Every package that scripts/ or .ci/ install is in scripts/packages.txt: nothing else calls apt-get install.
  3. No absolute path of one person's machine, no tabs or trailing blanks in C++.
  4. Every relative link of a Markdown page leads somewhere.
  5. No `;` in the name of a test: CMake would split it there, and run two tests that do not exist, which pass.
"""
import re
import sys
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
TEST_NAME = re.compile(r'TEST_CASE\("[^"]*;')
HOME = re.compile(r"(?:^|[\s\"'=(:])/(?:home|root|work)/[a-z]")


def folder_readmes(root):
    for top in ("compiler", "runtime", "devices", "stdlib", "grammar", "examples", "bench"):
        for folder in [root / top, *(p for p in (root / top).rglob("*") if p.is_dir())]:
            has_sources = any(p.suffix in (".h", ".cc", ".ny", ".g4", ".def") for p in folder.iterdir())
            readme = folder / "README.md"
            if has_sources and not readme.exists():
                yield f"{folder.relative_to(root)}: no README.md"
            elif readme.exists() and len(readme.read_text().splitlines()) > 60:
                yield f"{readme.relative_to(root)}: over 60 lines"


def installs(root):
    for path in [*(root / "scripts").iterdir(), *(root / ".ci").iterdir()]:
        if path.is_file() and path.name != "install-deps" and "apt-get install" in path.read_text():
            yield f"{path.relative_to(root)}: packages are installed by scripts/install-deps alone"


def text_rules(root):
    for top in ("compiler", "runtime", "devices", "tests", "bench", "scripts", "cmake", "docs", "examples", "stdlib"):
        for path in (root / top).rglob("*"):
            if not path.is_file() or path.suffix not in (".h", ".cc", ".def", ".py", ".md", ".ny", ".cmake", ".txt", ""):
                continue
            if "golden" in path.parts or "corpus" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if HOME.search(line) and path.name != "check_text.py":
                    yield f"{path.relative_to(root)}:{number}: a path of one machine"
                if TEST_NAME.search(line):
                    yield f"{path.relative_to(root)}:{number}: a `;` in the name of a test"
                if path.suffix in (".h", ".cc") and (line != line.rstrip() or "\t" in line):
                    yield f"{path.relative_to(root)}:{number}: tab or trailing blank"


def links(root):
    pages = [p for p in root.rglob("*.md") if not {"build", "node_modules"} & set(p.relative_to(root).parts)]
    for page in pages:
        for target in LINK.findall(re.sub(r"```.*?```", "", page.read_text(), flags=re.S)):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                yield f"{page.relative_to(root)}: link to {target} leads nowhere"


def main():
    root = Path(sys.argv[1])
    problems = [*folder_readmes(root), *installs(root), *text_rules(root), *links(root)]
    print("\n".join(problems) if problems else "text rules kept")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
