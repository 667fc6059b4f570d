#!/usr/bin/env python3
"""Nyx scripts beside the same ones in Python, in one run: medians of the processes' own CPU time, start included.

usage: compare.py NYX_SCRIPT [ROUNDS]     (NYX_SCRIPT: the program `bench_script` of a release build)
"""
import os
import statistics
import subprocess
import sys
from pathlib import Path


def cpu_seconds(command):
    before = os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, done.stdout


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"python {sys.version.split()[0]}, {rounds} rounds, median CPU seconds")
    for source in sorted(Path(__file__).resolve().parent.glob("*.ny")):
        nyx, python = [], []
        for _ in range(rounds):
            seconds, said = cpu_seconds([program, str(source)])
            nyx.append(seconds)
            seconds, other = cpu_seconds([sys.executable, str(source.with_suffix(".py"))])
            python.append(seconds)
            if said != other:
                sys.exit(f"{source.name}: nyx says {said!r}, python {other!r}")
        a, b = statistics.median(nyx), statistics.median(python)
        print(f"{source.stem:10} nyx {a:6.2f}  python {b:6.2f}  ratio {a / b:5.2f}")


if __name__ == "__main__":
    main()
