#!/usr/bin/env python3
"""Boots Debian's unmodified cloud kernel with 1, 2 and 4 processors to a shell, runs tests/guest/linux/check there, and powers off.

usage: run_cloud.py --nyxc NYXC --nyx NYX [--accel kvm|soft] [--soft-tier llvm|interpreter] [--irqchip user] [--cpus N ...] [--limit SECONDS]
What the check prints is judged here: forks, pipes, floating point, SHA-256 of 10 MiB, sleeping by the guest's own clocks, the kernel's log.
The guest's output goes to stdout (with NYX_GUEST_OUTPUT=failure the end of it, where something failed). Exit status 77: neither network nor cache has the kernel, or no KVM with hardware behind it for --accel kvm.
"""
import argparse
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from run_linux import BOOTED, COMPLAINTS, INIT_LIVES, ROOT, SKIPPED, Failure, Guest, say

MACHINES = pathlib.Path(__file__).resolve().parent / "machines"
# What the check sleeps, in hundredths of a second.
SLEEP_CS = 300
# Errors in the kernel's log that are true: these machines have no PCI.
EXPECTED = ("PCI: Fatal: No config space access function found",)


def build(nyxc: str, folder: pathlib.Path, cpus: list):
    done = subprocess.run([ROOT / "scripts" / "fetch-cloud-kernel", "--into", folder], capture_output=True, text=True, check=False)
    if done.returncode == SKIPPED:
        say(f"SKIPPED: {done.stderr.strip()}")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        raise Failure(f"scripts/fetch-cloud-kernel: status {done.returncode}\n{done.stderr}")
    say(f"kernel of {pathlib.Path(done.stdout.strip()).name.removeprefix('cloud-')}")
    (folder / "cloud_linux.ny").write_bytes((MACHINES / "cloud_linux.ny").read_bytes())
    for count in cpus:
        made = subprocess.run([nyxc, "build", "cloud_linux.ny", "--machine", f"cloud{count}", "-o", f"cloud{count}.nyxb"], cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Failure(f"nyxc build: status {made.returncode}\n{made.stdout}{made.stderr}")


def data_digest() -> str:
    """Of what the check writes: the numbers from 1 to 100000, a line each, over and over up to 10 MiB."""
    numbers = "".join(f"{number}\n" for number in range(1, 100001)).encode()
    return hashlib.sha256((numbers * 18)[:10 << 20]).hexdigest()


def floats() -> str:
    """2000 terms of Leibniz's series for pi, and the root of 2 by Newton."""
    series, root = 0.0, 1.0
    for i in range(2000):
        series += 1 / (2 * i + 1) * (-1 if i % 2 else 1)
    for _ in range(20):
        root = (root + 2 / root) / 2
    return f"{4 * series:.12f} {root:.12f}"


def expected(cpus: int) -> dict:
    pipes = max(int(str(number).replace("7", "8")) for number in range(1, 100001) if "7" in str(number))
    return {"processors": str(cpus), "fork": str(sum(i % 7 for i in range(1, 201))), "parallel": f"{20000 * 20001 // 2} 8", "pipes": str(pipes),
            "float": floats(), "sha256": data_digest()}


def judge(text: str, cpus: int):
    said = dict(re.findall(r"^check (\w+) (.+?)\s*$", text, re.MULTILINE))
    for name, value in expected(cpus).items():
        if said.get(name) != value:
            raise Failure(f"check {name}: {said.get(name)}, not {value}")
    slept, looked, seconds = (int(number) for number in said["sleep"].split())
    # Never short; and both clocks of the guest agree, to the RTC's second and the rounding of the other.
    if slept < SLEEP_CS or not slept - 105 < 100 * seconds < looked + 105:
        raise Failure(f"sleep of {SLEEP_CS / 100} s took {slept / 100} s (with the looks at the clock {looked / 100} s) by the kernel's clock and {seconds} s by the RTC")
    complaints = [line for line in text.splitlines() if COMPLAINTS.search(line) or line.startswith("check error")]
    complaints = [line for line in complaints if not line.endswith(EXPECTED)]
    if complaints:
        raise Failure("the kernel complains:\n" + "\n".join(complaints))
    say(f"{cpus} processors: the check came out right ({said['clocksource']} clock, {slept / 100:.2f} s for a sleep of {SLEEP_CS // 100} s)")


def run(options, folder: pathlib.Path, cpus: int):
    more = ["--soft-tier", options.soft_tier] if options.soft_tier else []
    more += ["--irqchip", options.irqchip] if options.irqchip else []
    with Guest(options.nyx, folder, options.accel, options.limit, f"cloud{cpus}.nyxb", more) as guest:
        guest.wait_for(INIT_LIVES)
        if not re.search(BOOTED["the ACPI tables are in use"], guest.text):
            raise Failure("the kernel does not use the ACPI tables")
        start = len(guest.text)
        guest.type("check")
        guest.wait_for(r"^check end", start=start)
        judge(guest.text, cpus)
        guest.power_off()


def can_run(options) -> bool:
    if options.accel == "soft":
        return True
    kvm = json.loads(subprocess.run([options.nyx, "facts"], capture_output=True, text=True, check=True).stdout)["kvm"]
    if not kvm["available"]:
        say(f"SKIPPED: no KVM here: {kvm['error']}")
    elif kvm["host_kind"] == "kvm_pvm":
        say("SKIPPED: this host's KVM (kvm_pvm) has no hardware behind it and cannot run Debian's kernel; `nyx doctor` says more")
    else:
        return True
    return False


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nyxc", required=True)
    options.add_argument("--nyx", required=True)
    options.add_argument("--accel", choices=("kvm", "soft"), default="soft")
    options.add_argument("--soft-tier", choices=("llvm", "interpreter"))
    options.add_argument("--irqchip", choices=("user",))
    options.add_argument("--cpus", type=int, choices=(1, 2, 4), nargs="+", default=(1, 2, 4))
    options.add_argument("--limit", type=float, default=1000, help="seconds for one run")
    options = options.parse_args()
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    if not can_run(options):
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        try:
            build(options.nyxc, pathlib.Path(name), options.cpus)
            for cpus in options.cpus:
                run(options, pathlib.Path(name), cpus)
        except Failure as failure:
            say(f"FAILED: {failure}")
            return 1
    say("powered off each time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
