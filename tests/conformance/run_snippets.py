#!/usr/bin/env python3
"""Classic Nyx by its reference: every snippet checks without a finding, and runs or says what it waits for. Prints a table.

usage: run_snippets.py NYXC RUN_SCRIPT STDLIB FOLDER

  A file holds the snippets of one section. A line `#= title` begins one; what stands before the first is set before each of them.
  `#> text` beside a line is what the snippet prints, in order; `#waits: X` says what this build lacks for it: then `nyxc build` must refuse it
  (NY0901) for exactly these reasons. A snippet with `#builds` must become a bundle.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
import images  # noqa: E402


def snippets(path):
    head, title, lines = [], None, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#= "):
            if title is not None:
                yield title, head + lines
            title, lines = line[3:], []
        elif title is None:
            head.append(line)
        else:
            lines.append(line)
    if title is not None:
        yield title, head + lines


def expected(lines, mark):
    return [line.split(mark, 1)[1].rstrip() for line in lines if mark in line]


class Runner:
    def __init__(self, nyxc, run_script, stdlib):
        self.nyxc, self.run_script, self.stdlib = (str(Path(one).resolve()) for one in (nyxc, run_script, stdlib))
        self.environment = {**os.environ, "NYX_STDLIB": self.stdlib}

    def run(self, folder, *command):
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, env=self.environment)

    def snippet(self, lines):
        """What it waits for, and what is wrong."""
        with tempfile.TemporaryDirectory() as folder:
            images.write_all(folder)
            for name in ("seabios.bin", "OVMF.fd", "firmware.fd"):
                (Path(folder) / name).write_bytes(b"\xf4" * 65536)
            (Path(folder) / "snippet.ny").write_text("\n".join(lines) + "\n", encoding="utf-8")
            checked = self.run(folder, self.nyxc, "check", "--format=json", "snippet.ny")
            if checked.returncode != 0 or checked.stdout.strip():
                return [], f"does not check:\n{checked.stdout}{checked.stderr}"
            ran = self.run(folder, self.run_script, self.stdlib, "snippet.ny")
            said = ran.stdout.splitlines()
            waits = [line.removeprefix("waits: this build of Nyx has no ") for line in said if line.startswith("waits: ")]
            if ran.returncode != 0:
                return waits, f"does not run:\n{ran.stderr}"
            printed = [line for line in said if not line.startswith("waits: ")]
            if printed != expected(lines, "#> "):
                return waits, f"prints {printed}, expected {expected(lines, '#> ')}"
            if sorted(waits) != sorted(expected(lines, "#waits: ")):
                return waits, f"waits for {waits}, expected {expected(lines, '#waits: ')}"
            return waits, self.build(folder, lines, waits)

    def build(self, folder, lines, waits):
        if not waits and "#builds" not in lines:
            return ""
        built = self.run(folder, self.nyxc, "build", "snippet.ny")
        if not waits:
            return "" if built.returncode == 0 else f"does not build:\n{built.stdout}{built.stderr}"
        said = built.stdout + built.stderr
        if built.returncode != 1 or "NY0901" not in said:
            return f"is not refused when it is built:\n{said}"
        return ""


def main():
    runner = Runner(*sys.argv[1:4])
    failed, full, waiting = 0, 0, 0
    for path in sorted(Path(sys.argv[4]).glob("*.ny")):
        for title, lines in snippets(path):
            waits, problem = runner.snippet(lines)
            failed += bool(problem)
            full += not problem and not waits
            waiting += not problem and bool(waits)
            state = "FAILED" if problem else "waits for: " + ", ".join(waits) if waits else "runs fully"
            print(f"{path.stem[3:]:24} {title:44} {'' if problem else 'checks':7} {state}")
            if problem:
                print(problem)
    print(f"{full + waiting + failed} snippets: {full} run fully, {waiting} wait for a capability, {failed} failed")
    sys.exit(1 if failed or not full else 0)


if __name__ == "__main__":
    main()
