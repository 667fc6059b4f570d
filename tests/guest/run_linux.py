#!/usr/bin/env python3
"""Boots the Linux of examples/02_linux, on KVM as far as this host lets it, and says how far that was.

usage: run_linux.py --nyxc NYXC --nyx NYX [--accel kvm|soft] [--limit SECONDS]
The machine in both its forms must have one plan hash; the kernel must find both processors and nothing to complain about in the tables; init must
start. Where it lives, a shell takes commands over the serial line and powers the machine off. On kvm_pvm init cannot live: its first SYSCALL arrives
without privilege (tests/guest/linux/README.md), so there the start of init is the end; on any other KVM, and on the software CPU, it is a failure.
On KVM the exits of the boot must be those that `nyxc explain-exits` predicts, register by register (exit_agreement.py).
The guest's output goes to stdout. Exit status 77: no KVM for --accel kvm, or no guest kernel.
"""
import argparse
import json
import os
import pathlib
import re
import select
import subprocess
import sys
import tempfile
import time

import exit_agreement

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "02_linux"
SKIPPED = 77

INIT_STARTED = r"Run /init as init process"
INIT_LIVES = r"Type 'poweroff -f' to leave"
INIT_DIED = r"Attempted to kill init"
# In the kernel's log: none of these.
COMPLAINTS = re.compile(r"ACPI (BIOS )?(Error|Warning)|\[Firmware (Bug|Warn)|unable to handle|BUG:|not responding")
BOOTED = {"both processors are up": r"smp: Brought up 1 node, 2 CPUs", "the ACPI tables are in use": r"ACPI: Interpreter enabled",
          "SMBIOS is read": r"DMI: Nyx", "the serial port is found through ACPI": r"00:0\d: ttyS0 at I/O 0x3f8 \(irq = 4"}
# What is typed, and what must come back on a line of its own.
DIALOGUE = [("echo sum=$((6 * 7))", r"^sum=42\s*$"), ("echo cpus=$(nproc)", r"^cpus=2\s*$"), ("echo tables=$(ls /sys/firmware/acpi/tables | tr '\\n' ' ')", r"^tables=.*DSDT.*FACP"),
            ("echo uart=$(grep -c ttyS0 /proc/interrupts)", r"^uart=1\s*$")]


class Failure(Exception):
    pass


def say(text: str):
    print(f"== {text}", flush=True)


def build(nyxc: str, folder: pathlib.Path):
    """Both forms of the example in one folder with its kernel."""
    done = subprocess.run([ROOT / "scripts" / "build-linux", "--into", folder], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        say(f"SKIPPED: no guest kernel: {done.stderr.strip()}")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        raise Failure(f"scripts/build-linux: status {done.returncode}\n{done.stderr}")
    hashes = set()
    for form in ("machine", "classic"):
        (folder / f"{form}.ny").write_bytes((EXAMPLE / f"{form}.ny").read_bytes())
        made = subprocess.run([nyxc, "build", f"{form}.ny"], cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Failure(f"nyxc build {form}.ny: status {made.returncode}\n{made.stdout}{made.stderr}")
        lock = json.loads((folder / f"{form}.lock").read_text())
        hashes.update(machine["plan"] for machine in lock["machines"].values())
    if len(hashes) != 1:
        raise Failure(f"machine.ny and classic.ny do not have one plan hash: {hashes}")
    say(f"machine.ny and classic.ny are one machine, plan {hashes.pop()[:16]}")


# What remains of a guest's output where it is not passed through.
LAST_LINES = 60


class Guest:
    """nyx run, with what it prints kept, and passed through; under NYX_GUEST_OUTPUT=failure only its last lines, after a Failure."""

    def __init__(self, nyx: str, folder: pathlib.Path, accel: str, limit: float, bundle: str = "machine.nyxb", more: list = ()):
        self.deadline = time.monotonic() + limit
        self.text = ""
        self.printed = 0  # characters of it, whole lines only
        self.passed_through = os.environ.get("NYX_GUEST_OUTPUT") != "failure"
        self.errors = open(folder / "stderr", "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([nyx, "run", bundle, "--accel", accel, "--on-reset", "stop", *more], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, env={**os.environ, "XDG_RUNTIME_DIR": str(folder)})

    def __enter__(self):
        return self

    def __exit__(self, kind, failure, trace):
        self.process.kill()
        self.process.wait()
        if isinstance(failure, Failure) and not self.passed_through:
            print("\n".join(self.text.splitlines()[-LAST_LINES:]), flush=True)

    def read(self) -> bool:
        """More output, or the time is up (Failure). False: there will be none."""
        left = self.deadline - time.monotonic()
        if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
            raise Failure("no further output within the limit")
        data = os.read(self.process.stdout.fileno(), 65536)
        text = data.decode(errors="replace").replace("\r", "")
        self.text += text
        if self.passed_through:
            self.pass_through()
        return bool(data)

    def pass_through(self):
        whole_lines = self.text.rfind("\n") + 1
        sys.stdout.write(self.text[self.printed:whole_lines])
        sys.stdout.flush()
        self.printed = whole_lines

    def wait_for(self, *patterns: str, start: int = 0) -> str:
        """The first of the patterns to appear after `start`."""
        while True:
            for pattern in patterns:
                if re.search(pattern, self.text[start:], re.MULTILINE):
                    return pattern
            if not self.read():
                self.process.wait()
                raise Failure(f"nyx ended with status {self.process.returncode} before {' or '.join(patterns)}\n{self.report()}")

    def type(self, line: str):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Reads to the end."""
        while self.read():
            pass
        return self.process.wait(timeout=60)

    def power_off(self):
        self.type("poweroff -f")
        status = self.end()
        if status != 0:
            raise Failure(f"after poweroff nyx ended with status {status}\n{self.report()}")

    def report(self) -> str:
        self.errors.seek(0)
        return self.errors.read()


def check_log(text: str):
    complaints = [line for line in text.splitlines() if COMPLAINTS.search(line)]
    if complaints:
        raise Failure("the kernel complains:\n" + "\n".join(complaints))
    for what, pattern in BOOTED.items():
        if not re.search(pattern, text):
            raise Failure(f"not in the kernel's log: {what} ({pattern})")
        say(what)


def talk(guest: Guest):
    for command, answer in DIALOGUE:
        start = len(guest.text)
        guest.type(command)
        guest.wait_for(answer, start=start)
    guest.power_off()


def boot(guest: Guest, kind: str) -> str:
    guest.wait_for(INIT_STARTED)
    check_log(guest.text)
    if guest.wait_for(INIT_LIVES, INIT_DIED) == INIT_DIED:
        if kind != "kvm_pvm":
            raise Failure(f"init died, and what runs here ({kind}) can run it")
        return "the kernel booted to the start of init, which is as far as this KVM (kvm_pvm) lets any Linux go; `nyx doctor` says more"
    talk(guest)
    return "the kernel booted to a shell, which ran commands over the serial line and powered the machine off"


def check_exits(nyxc: str, folder: pathlib.Path, guest: Guest):
    """After the end of the guest."""
    guest.end()
    explained = subprocess.run([nyxc, "explain-exits", "--format=json", "machine.ny"], cwd=folder, capture_output=True, text=True, check=True)
    report = guest.report()
    stats = json.loads(report[report.index("{"):])["exit_stats"]
    found = exit_agreement.disagreements(exit_agreement.predictions(explained.stdout), stats)
    if found:
        raise Failure("predicted and counted exits differ:\n" + "\n".join(found))
    say(exit_agreement.summary(stats))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nyxc", required=True)
    options.add_argument("--nyx", required=True)
    options.add_argument("--accel", choices=("kvm", "soft"), default="kvm")
    options.add_argument("--limit", type=float, default=500, help="seconds for the run")
    options = options.parse_args()
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    kind = "soft"
    if options.accel == "kvm":
        facts = json.loads(subprocess.run([options.nyx, "facts"], capture_output=True, text=True, check=True).stdout)
        if not facts["kvm"]["available"]:
            say(f"SKIPPED: no KVM here: {facts['kvm']['error']}")
            return SKIPPED
        kind = facts["kvm"]["host_kind"]
    with tempfile.TemporaryDirectory() as name:
        try:
            build(options.nyxc, pathlib.Path(name))
            counted = ["--exit-stats", "--format=json"] if options.accel == "kvm" else []
            with Guest(options.nyx, pathlib.Path(name), options.accel, options.limit, more=counted) as guest:
                say(boot(guest, kind))
                if counted:
                    check_exits(options.nyxc, pathlib.Path(name), guest)
            return 0
        except Failure as failure:
            say(f"FAILED: {failure}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
