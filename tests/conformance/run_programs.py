#!/usr/bin/env python3
"""Larger programs in classic Nyx: each checks without a finding and prints what its .expected file holds.

usage: run_programs.py NYXC RUN_SCRIPT STDLIB FOLDER [--update]
"""
import os
import subprocess
import sys
from pathlib import Path


def main():
    nyxc, run_script, stdlib, folder = (Path(one).resolve() for one in sys.argv[1:5])
    failed = 0
    programs = sorted(folder.glob("*.ny"))
    for program in programs:
        checked = subprocess.run([nyxc, "check", "--format=json", program], capture_output=True, text=True, timeout=120,
                                 env={**os.environ, "NYX_STDLIB": str(stdlib)})
        ran = subprocess.run([run_script, stdlib, program], capture_output=True, text=True, timeout=120)
        expected = program.with_suffix(".expected")
        if "--update" in sys.argv:
            expected.write_text(ran.stdout, encoding="utf-8")
        problems = []
        if checked.returncode != 0 or checked.stdout.strip():
            problems.append(f"does not check:\n{checked.stdout}{checked.stderr}")
        if ran.returncode != 0:
            problems.append(f"does not run:\n{ran.stderr}")
        elif ran.stdout != expected.read_text(encoding="utf-8"):
            problems.append(f"prints:\n{ran.stdout}")
        failed += bool(problems)
        lines = len(program.read_text(encoding="utf-8").splitlines())
        print(f"{program.name:24} {lines:5} lines  {'FAILED' if problems else 'checks, runs'}")
        print("".join(problem + "\n" for problem in problems), end="")
    sys.exit(1 if failed or not programs else 0)


if __name__ == "__main__":
    main()
