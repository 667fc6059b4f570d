#!/usr/bin/env python3
"""Holds the exits that `nyxc explain-exits` predicts against those that `nyx run --exit-stats` counts on KVM.

usage: exit_agreement.py --nyxc NYXC --nyx NYX --guests build/release/guests CASE...

Each CASE is a machine of tests/guest/machines whose guest ends by itself. What must agree, for each register and direction that the guest used: it
was predicted, and it cost the exits predicted for an access, none or one. Open is only what the prediction leaves open: a queued write that finds the
queue full or not there, a register whose classes differ by mode, a device of which it says that nothing is known. Exit status 77: no KVM.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

MACHINES = pathlib.Path(__file__).resolve().parent / "machines"
SKIPPED = 77
NOBODY = ""  # the device of an access where no device is


def predictions(text: str) -> dict:
    """From the JSON of explain-exits: by device, None where nothing is known of it, else by (register, direction) the set of (exits, service)."""
    found = {}
    for device in json.loads(text)["devices"]:
        table = None if device.get("unknown") else {}
        found[device["name"]] = table
        for register in device["registers"] if table is not None else []:
            for direction in ("read", "write"):
                if served := register.get(direction):
                    table.setdefault((register["name"], direction), set()).add((served["exits"], served["service"]))
    return found


def disagreements(predicted: dict, stats: dict) -> list:
    """Lines; stats: `exit_stats` of the run's report."""
    found = []
    for row in stats["accesses"]:
        exits, accesses = row["count"], row["count"] + row["without_exit"]
        name = f"{row['device']} {row['register']} {row['direction']}"
        table = predicted.get(row["device"], {})
        classes = None if table is None else table.get((row["register"], row["direction"]))
        if row["device"] == NOBODY or row["register"] == "(no register)":
            classes = {(1, "nobody")}
        if table is None or (classes and len({cost for cost, _ in classes}) > 1):
            continue
        if not classes:
            found.append(f"{name}: used {accesses} times, not predicted")
            continue
        cost, service = next(iter(classes))
        if exits != cost * accesses and not service.startswith("coalesced"):
            found.append(f"{name}: {accesses} accesses made {exits} exits, predicted {cost} each ({service})")
    counted = sum(row["count"] for row in stats["accesses"])
    total = sum(stats["exits"].get(kind, 0) for kind in ("io", "mmio"))
    if counted != total:
        found.append(f"the registers' exits are {counted}, the run's {total}")
    return found


def summary(stats: dict) -> str:
    without = sum(row["without_exit"] for row in stats["accesses"])
    return f"{len(stats['accesses'])} registers used, {sum(row['count'] for row in stats['accesses'])} accesses with an exit, {without} without: as predicted"


def run(command: list, folder: pathlib.Path) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=170, check=False,
                          env={**os.environ, "XDG_RUNTIME_DIR": str(folder)})


def check(options, case: str) -> list:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copy(MACHINES / f"{case}.ny", folder)
        (folder / "disk.img").write_bytes(bytes(8 * 512))
        for guest in options.guests.iterdir():
            os.symlink(guest.resolve(), folder / guest.name)
        explained = run([options.nyxc, "explain-exits", "--format=json", f"{case}.ny"], folder)
        built = run([options.nyxc, "build", f"{case}.ny"], folder)
        if explained.returncode or built.returncode:
            return [explained.stderr + built.stdout + built.stderr]
        done = run([options.nyx, "run", f"{case}.nyxb", "--accel", "kvm", "--exit-stats", "--format=json"], folder)
        report = json.loads(done.stderr[done.stderr.index("{"):]) if "{" in done.stderr else None
        if report is None or done.returncode != 0:
            return [f"nyx run: status {done.returncode}\n{done.stdout}{done.stderr}"]
        found = disagreements(predictions(explained.stdout), report["exit_stats"])
        print(f"{case}: {summary(report['exit_stats'])}" if not found else f"{case}: FAILED")
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nyxc", required=True, type=pathlib.Path)
    parser.add_argument("--nyx", required=True, type=pathlib.Path)
    parser.add_argument("--guests", required=True, type=pathlib.Path)
    parser.add_argument("cases", nargs="+")
    options = parser.parse_args()
    options.nyxc, options.nyx = options.nyxc.resolve(), options.nyx.resolve()
    if not os.path.exists("/dev/kvm"):
        print("SKIPPED: no /dev/kvm")
        return SKIPPED
    found = [line for case in options.cases for line in check(options, case)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
