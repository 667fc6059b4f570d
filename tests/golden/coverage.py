#!/usr/bin/env python3
"""Every label and every fix that the compiler can offer is offered by a golden file or a broken machine.

usage: coverage.py NYXC SOURCE_DIR

The texts are taken from the sources of compiler/: the first string of `.label(…)` and of `.fix(…)`. Where the string is a template of fmt, anything
may stand in its places. A new label or fix therefore fails here until a test shows it; that each fix is right is proved where the files are run.
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
sys.path.insert(0, str(HERE.parent / "broken"))
import images  # noqa: E402
import run as broken  # noqa: E402

STRING = r'"((?:[^"\\]|\\.)*)"'
# What stands in a file that no test of this kind can give, and the test that shows it instead.
ELSEWHERE = {
    "compiler/device/migrations.cc": {"say it in a migration"},  # where there is a lock: tests/cli/nyxc_devices.py
    "compiler/package/resolve.cc": {"`{}` is asked for here", "it says its name here"},  # several files: tests/cli/nyxc_package.py
    "compiler/place/conflicts.cc": {"use {:#x}"},  # report_misaligned: tests/unit/compiler/place/resources_test.cc
}


def templates(root, call):
    """(file, template) of every `.call(` in compiler/ that begins with a text of its own."""
    for path in sorted((root / "compiler").rglob("*.cc")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(rf"(?:\.|->){call}\(", text):
            rest = text[found.end():found.end() + 400]
            first = re.match(rf"\s*(?:\{{[^\"]*?\}},|[^\",(]*(?:\([^()]*\))?,)?\s*(?:fmt::format\(|std::string\()?\s*{STRING}", rest) if call == "label" else \
                re.match(rf"\s*\{{?\s*(?:fmt::format\()?\s*{STRING}", rest)
            if first:
                yield str(path.relative_to(root)), first[1]


def pattern(template):
    plain = template.replace('\\"', '"').replace("\\\\", "\\")
    parts = re.split(r"\{\{|\}\}|\{[^{}]*\}", plain)
    return re.compile(".*".join(re.escape(part) for part in parts) + r"$", re.S)


def shown(nyxc):
    """Labels and titles of fixes in all goldens and broken machines."""
    cases = [case for path in sorted(broken.HERE.glob("*.cases")) for case in broken.read_cases(path)]
    findings = [finding for found in broken.check_all(nyxc, cases) for finding in found]
    with tempfile.TemporaryDirectory() as folder:
        images.write_all(folder)
        names = []
        for path in sorted((HERE / "diagnostics").glob("*.ny")):
            plain = "\n".join(line.split("  #~ ")[0] for line in path.read_text(encoding="utf-8").split("\n"))
            (Path(folder) / path.name).write_text(plain, encoding="utf-8")
            names.append(path.name)
        done = subprocess.run([nyxc, "check", "--format=json", *names], cwd=folder, capture_output=True, text=True, timeout=300)
    findings += [json.loads(line) for line in done.stdout.splitlines()]
    return {label["text"] for f in findings for label in f["labels"]}, {fix["title"] for f in findings for fix in f["fixes"]}


def main():
    nyxc, root = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    labels, titles = shown(nyxc)
    missing = 0
    for call, texts in (("label", labels), ("fix", titles)):
        count = 0
        for path, template in templates(root, call):
            count += 1
            if template in ELSEWHERE.get(path, ()) or any(pattern(template).match(text) for text in texts):
                continue
            missing += 1
            print(f"{path}: no golden and no broken machine shows the {call} \"{template}\"")
        print(f"{count} {call}s in the sources")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
