#!/usr/bin/env python3
"""Runs our guests under QEMU's software CPU: when this passes and run_guests fails, the guest is right and the machine is not.

usage: peer_qemu.py --guests build/debug/guests      exit status 77: there is no QEMU
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from run_guests import SECTOR, copied

QEMU = "qemu-system-x86_64"
COMMON = ["-accel", "tcg", "-m", "128", "-serial", "stdio", "-display", "none", "-nodefaults", "-no-reboot",
          "-device", "isa-debug-exit,iobase=0xf4", "-append", "one two"]
# Guest, further arguments, exit status, what COM1 must say. isa-debug-exit turns a status s into 2 s + 1.
CASES = [
    ("probe.elf", ["-smp", "2"], 0, [r"probe: boot multiboot1", r"cmdline .*one two", r"cpus online 2", r"done \d+ checks, 0 failed"]),
    ("probe-pvh.elf", ["-smp", "2"], 0, [r"probe: boot pvh", r"cmdline one two", r"cpus online 2", r"done \d+ checks, 0 failed"]),
    ("probe-pvh.elf", ["-smp", "1", "-M", "pc,acpi=off"], 1, [r"acpi none", r"cpus online 1", r"done \d+ checks, 0 failed"]),
    ("multiboot.bin", [], 1, [r"hello from multiboot: .*one two"]),
]
# virtio over MMIO in its present form, for the guest that run_guests.py runs as `disk`.
MICROVM = ["-M", "microvm,acpi=off", "-global", "virtio-mmio.force-legacy=false", "-device", "virtio-blk-device,drive=disk"]


def run(guests: pathlib.Path, guest: str, arguments: list, status: int, expected: list) -> bool:
    command = [QEMU, *COMMON, *arguments, "-kernel", str(guests / guest)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=100, check=False)
    except subprocess.TimeoutExpired as expired:
        print(f"FAILED {guest} {arguments}: no end after 100 s\n{(expired.stdout or b'').decode(errors='replace')}")
        return False
    output = done.stdout.decode(errors="replace")
    missing = [pattern for pattern in expected if not re.search(pattern, output)]
    if done.returncode == status and not missing:
        print(f"ok     {guest} {' '.join(arguments)}")
        return True
    print(f"FAILED {guest} {arguments}: status {done.returncode} (expected {status}), missing {missing}")
    print(output + done.stderr.decode(errors="replace"))
    return False


def run_disk(guests: pathlib.Path) -> bool:
    with tempfile.TemporaryDirectory(prefix="nyx-guest-") as folder:
        image = pathlib.Path(folder) / "disk.img"
        image.write_bytes(SECTOR + bytes(7 * 512))
        drive = ["-drive", f"if=none,id=disk,file={image},format=raw"]
        if not run(guests, "disk.elf", [*MICROVM, *drive], 1, [r"sector copied"]):
            return False
        if not copied(image.read_bytes()):
            print("FAILED disk.elf: sector 1 of the image is not what the guest wrote")
            return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guests", type=pathlib.Path, required=True)
    guests = parser.parse_args().guests
    if not shutil.which(QEMU):
        print(f"SKIPPED: {QEMU} is not installed (Debian package qemu-system-x86)")
        return 77
    return 0 if all([run(guests, *case) for case in CASES] + [run_disk(guests)]) else 1


if __name__ == "__main__":
    sys.exit(main())
