#!/usr/bin/env python3
"""What one request of a virtio disk costs: as `nyxc explain-exits` predicts it, and as `nyx run --exit-stats` counts it on KVM.

usage: disk_exits.py --nyxc NYXC --nyx NYX --guests build/debug/guests      exit status 77: no /dev/kvm
The guest (small/disk.cc) makes REQUESTS requests, one after the other. Also that it cannot tell: with an exit for every access it does the same.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from run_guests import MACHINES, SECTOR, SKIPPED, copied

REQUESTS = 64
# What a request touches, by machine: register, direction, and whether the guest may do it more than once.
REQUEST = {
    "disk": [("queue_notify", "write", False), ("interrupt_status", "read", True), ("interrupt_ack", "write", False)],
    "disk_pci": [("notify_queue0", "write", False), ("isr_byte", "read", False)],
}
EXPECTED = {"disk": 1, "disk_pci": 1}
EVERY_EXIT = {"disk": 3, "disk_pci": 2}


class Wrong(Exception):
    pass


def prepare(options, name: str, folder: pathlib.Path):
    (folder / f"{name}.ny").write_text((MACHINES / f"{name}.ny").read_text())
    for guest in options.guests.glob("disk*"):
        os.symlink(guest.resolve(), folder / guest.name)
    built = subprocess.run([options.nyxc, "build", f"{name}.ny"], cwd=folder, capture_output=True, text=True, check=False)
    if built.returncode != 0:
        raise Wrong(f"nyxc build: status {built.returncode}\n{built.stderr}")


def predicted(options, name: str, folder: pathlib.Path) -> int:
    told = subprocess.run([options.nyxc, "explain-exits", f"{name}.ny", "--format=json"], cwd=folder, capture_output=True, text=True, check=True)
    disk = next(device for device in json.loads(told.stdout)["devices"] if device["name"] == "root")
    registers = {register["name"]: register for register in disk["registers"]}
    return sum(registers[register][direction]["exits"] for register, direction, _ in REQUEST[name])


def measured(options, name: str, folder: pathlib.Path, *more: str) -> list:
    """The rows of the disk; raises unless the guest did all it should."""
    (folder / "disk.img").write_bytes(SECTOR + bytes(7 * 512))
    done = subprocess.run([options.nyx, "run", f"{name}.nyxb", "--accel=kvm", "--exit-stats", "--format=json", *more], cwd=folder, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=options.limit, check=False, env={**os.environ, "XDG_RUNTIME_DIR": str(folder)})
    image = (folder / "disk.img").read_bytes()
    if done.returncode != 0 or b"sector copied" not in done.stdout or not copied(image):
        raise Wrong(f"nyx run {more}: status {done.returncode}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
    report = json.loads(done.stderr.decode().splitlines()[-1])
    return [row for row in report["exit_stats"]["accesses"] if row["device"] == "root"]


def per_request(rows: list, name: str) -> float:
    """Exits for what a request touches. A register that may be asked more than once counts once where it exits at all."""
    total = 0
    for register, direction, may_repeat in REQUEST[name]:
        count = sum(row["count"] for row in rows if (row["register"], row["direction"]) == (register, direction))
        total += min(count, REQUESTS) if may_repeat else count
    return total / REQUESTS


def check(options, name: str):
    with tempfile.TemporaryDirectory(prefix="nyx-guest-") as folder:
        folder = pathlib.Path(folder)
        prepare(options, name, folder)
        said = predicted(options, name, folder)
        rows = measured(options, name, folder)
        counted = per_request(rows, name)
        print(f"{name}: {said} exits a request predicted, {counted:g} counted")
        if not said == counted == EXPECTED[name]:
            raise Wrong(f"expected {EXPECTED[name]} of both: {rows}")
        rung = sum(row["without_exit"] for row in rows if row["register"] == REQUEST[name][0][0])
        if rung != REQUESTS:
            raise Wrong(f"{rung} notifications were rung, not {REQUESTS}: {rows}")
        every = per_request(measured(options, name, folder, "--every-exit"), name)
        print(f"{name}: {every:g} with an exit for every access")
        if every != EVERY_EXIT[name]:
            raise Wrong(f"expected {EVERY_EXIT[name]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nyxc", required=True)
    parser.add_argument("--nyx", required=True)
    parser.add_argument("--guests", type=pathlib.Path, required=True)
    parser.add_argument("--limit", type=float, default=100, help="seconds that one run may take")
    options = parser.parse_args()
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        print("SKIPPED: /dev/kvm cannot be opened, so nothing can be counted here")
        return SKIPPED
    try:
        for name in REQUEST:
            check(options, name)
    except Wrong as wrong:
        print(f"FAILED: {wrong}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
