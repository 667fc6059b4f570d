#!/usr/bin/env python3
"""Machines with one mistake each, as people make them: nyxc reports the code at the span that is marked, and nothing else.

usage: run.py NYXC [FILE.cases …] [--update]

A .cases file holds many cases. One begins with `=== what somebody did`; under a line with a mistake its span is marked and named:
    memory = 512M
             ^^^^ NY0005
A span without a character (something is missing there) is marked by `|`. `--- lib.ny` begins a further file of the same case.
Every case is checked by one nyxc. Then each fix that was offered is proved: the text with it, in a second run, must no longer have the
finding, must have no other that was not there, and must be laid out as `nyxc fmt` does where the text was.
--update writes the marks that nyxc makes; read the difference before you commit it.
"""
import collections
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
sys.path.insert(0, str(HERE.parent / "golden"))
import fixes  # noqa: E402
import images  # noqa: E402

MARK = re.compile(r"^( *)(\^+|\|) (NY\d{4})$")


class Case:
    """files: name → text without marks; marks: {(file, line, column, end_column, code)}, columns counted from 1."""

    def __init__(self, title, body):
        self.title, self.files, self.marks = title, {}, []
        name, lines = "case.ny", []
        for line in body:
            if line.startswith("--- "):
                self.files[name] = lines
                name, lines = line[4:], []
            elif found := MARK.match(line):
                column = len(found[1]) + 1
                width = 0 if found[2] == "|" else len(found[2])
                self.marks.append((name, len(lines), column, column + width, found[3]))
            else:
                lines.append(line)
        self.files[name] = lines

    def text(self, name):
        return "\n".join(self.files[name]) + "\n"

    def with_marks(self, marks):
        out = ["=== " + self.title]
        for name, lines in self.files.items():
            if name != "case.ny":
                out.append("--- " + name)
            for number, line in enumerate(lines, 1):
                out.append(line)
                for file, at, column, end, code in marks:
                    if (file, at) == (name, number):
                        out.append(" " * (column - 1) + ("^" * (end - column) or "|") + " " + code)
        return out


def read_cases(path):
    cases, body, title = [], [], None
    for line in path.read_text(encoding="utf-8").splitlines() + ["=== "]:
        if line.startswith("=== "):
            if title is not None:
                cases.append(Case(title, body))
            title, body = line[4:], []
        elif title is not None:
            body.append(line)
    return cases


def mark_of(case, finding):
    name = finding.get("file", "").split("/")[-1]
    line = finding.get("line", 0)
    end = finding.get("end_column", 0)
    if finding.get("end_line") != line and name in case.files:
        end = len(case.files[name][line - 1]) + 1  # the mark ends with its line
    return (name, line, finding.get("column", 0), end, finding["code"])


def write_case(folder, case):
    folder.mkdir()
    images.write_all(folder)
    for name in case.files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(case.text(name), encoding="utf-8")


def check_all(nyxc, cases):
    """For each case its findings, in order."""
    with tempfile.TemporaryDirectory() as root:
        for number, case in enumerate(cases):
            write_case(Path(root) / str(number), case)
        command = [nyxc, "check", "--format=json", *(f"{number}/case.ny" for number in range(len(cases)))]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):
        sys.exit(f"nyxc: status {done.returncode}\n{done.stderr}")
    found = [[] for _ in cases]
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        found[int(finding.get("file", "0/").split("/")[0])].append(finding)
    return found


def differences(case, findings):
    found = [mark_of(case, finding) for finding in findings]
    for mark in sorted(set(case.marks) - set(found)):
        yield f"    misses   {mark[4]} at {mark[1]}:{mark[2]}–{mark[3]}"
    for mark, finding in zip(found, findings):
        if mark not in case.marks or found.count(mark) > 1:
            yield f"    reports  {mark[4]} at {mark[0]}:{mark[1]}:{mark[2]}–{mark[3]} {finding['message']}"
    if not case.marks:
        yield "    has no mark"


def update(path, cases, findings):
    out = []
    for case, found in zip(cases, findings):
        out += case.with_marks([mark_of(case, finding) for finding in found])
    path.write_text("\n".join(out) + "\n", encoding="utf-8")


def table(cases, offered):
    codes = collections.Counter(mark[4] for case in cases for mark in case.marks)
    lines = [f"{code} {count:3} case{'s' if count > 1 else ' '} {offered[code]:3} fixes" for code, count in sorted(codes.items())]
    third = -(-len(lines) // 3)
    return "\n".join("   ".join(lines[row::third]) for row in range(third))


def main():
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    nyxc = str(Path(arguments[0]).resolve())
    paths = [Path(word) for word in arguments[1:]] or sorted(HERE.glob("*.cases"))
    of_file = {path: read_cases(path) for path in paths}
    cases = [case for path in paths for case in of_file[path]]
    findings = check_all(nyxc, cases)
    if "--update" in sys.argv:
        for path in paths:
            update(path, of_file[path], [findings[cases.index(case)] for case in of_file[path]])
    failed = 0
    for path in paths:
        for case in of_file[path]:
            problems = list(differences(case, findings[cases.index(case)]))
            failed += bool(problems)
            if problems:
                print(f"FAILED {path.name}: {case.title}", *problems, sep="\n")
    unproved, offered = fixes.prove(nyxc, [(f"{case.title}", case.text("case.ny"), {n: case.text(n) for n in case.files if n != "case.ny"})
                                           for case in cases])
    print(*unproved, sep="\n")
    print(table(cases, offered))
    print(f"{len(cases)} broken machines, {failed} failed; {sum(offered.values())} fixes, {len(unproved)} not proved")
    return 1 if failed or unproved or len(cases) < 200 else 0


if __name__ == "__main__":
    sys.exit(main())
