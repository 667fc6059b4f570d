#!/usr/bin/env python3
"""Builds a machine of tests/guest/machines with nyxc, runs it with nyx, and holds its output and exit status against CASES.

usage: run_guests.py --nyxc NYXC --nyx NYX --guests build/debug/guests [--accel kvm|soft] [--irqchip kernel|user] [CASE ...]
Without a case: all of them. Exit status 77: nothing could run here (no /dev/kvm for kvm, or what the case needs is not installed).
"""
import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

MACHINES = pathlib.Path(__file__).resolve().parent / "machines"
SKIPPED = 77
SECTOR = bytes(i % 251 for i in range(512))  # sector 0 of the disk that the cases `disk` and `disk_pci` copy
PROBE = [r"probe: acpi cpus 2", r"probe: cpus online 2", r"probe: done \d+ checks, 0 failed"]
# Of a local APIC that is ours; none: this KVM does not ask for MSRs.
OUR_X2APIC = r"probe: x2apic (reserved bits refused|none)"

EMULATION_REPORT = [r"could not emulate an instruction of the guest: fwait \[9b\]", r"not the\s+guest's fault", r"nyx doctor", r"code at rip: 9b"]


@dataclasses.dataclass
class Case:
    status: tuple = (0,)  # accepted exit statuses of nyx
    out: list = dataclasses.field(default_factory=list)  # regular expressions, in this order on stdout
    err: list = dataclasses.field(default_factory=list)  # regular expressions, anywhere on stderr
    until: str = ""  # ends the run when stdout has it: for guests that do not end
    arguments: list = dataclasses.field(default_factory=list)
    needs: str = ""  # file


CASES = {
    "hello16": Case(out=[r"hello from 16 bits"]),
    "hello32": Case(out=[r"hello from 32 bits"]),
    "hello64": Case(out=[r"hello from 64 bits"]),
    "multiboot": Case(out=[r"hello from multiboot: one two"]),
    "exit_code": Case(status=(42,), out=[r"leaving with 42"]),
    "script_device": Case(out=[r"the class answers"], err=[r"device adder: script_device\.ny:\d+: .*7", r"nothing is written there", r"did not end within"]),
    "reset": Case(out=[r"first start", r"second start"]),
    "triple_fault": Case(status=(4,), out=[r"about to triple fault"], err=[r"died of a triple fault", r"rip=[0-9a-f]{16}", r"code at rip: 0f 0b"]),
    "pvpanic": Case(status=(4,), out=[r"about to panic"], err=[r"panicked \(pvpanic\)", r"rip=[0-9a-f]{16}"]),
    "hang": Case(status=(4,), out=[r"about to hang"], err=[r"halted for good", r"interrupts off", r"rip=[0-9a-f]{16}"]),
    # On hardware and in software FWAIT works; where KVM emulates the guest the run ends with EMULATION_REPORT.
    "emulation_failure": Case(status=(0, 4), out=[r"about to wait for the FPU"], err=[]),
    "probe": Case(out=[r"probe: boot pvh", r"probe: cmdline one two", *PROBE]),
    "probe_module": Case(out=[r"probe: boot pvh", r"probe: module 0x[0-9a-f]+ size \d+", *PROBE]),
    "probe_multiboot": Case(out=[r"probe: boot multiboot1", r"probe: cmdline one two", *PROBE]),
    "probe_elf": Case(out=[r"probe: boot elf64", *PROBE]),
    "disk": Case(out=[r"sector copied"]),
    "pci_disk": Case(out=[r"done"]),
    "net": Case(out=[r"done"]),
    "pci_net": Case(out=[r"done"]),
    "disk_pci": Case(out=[r"sector copied"]),
    "fw_cfg": Case(out=[r"opt/org.nyx/hello: hello from the machine", r"by DMA: hello from the machine"]),
    "seabios_fw_cfg": Case(out=[r"SeaBIOS \(version", r"Found QEMU fw_cfg", r"DMA interface supported", r"No bootable device"], until="No bootable device", needs="/usr/share/seabios/bios.bin"),
    "seabios": Case(out=[r"SeaBIOS \(version", r"No bootable device"], until="No bootable device", needs="/usr/share/seabios/bios.bin"),
}


def copied(image: bytes) -> bool:
    """What the disk's guest writes is there."""
    return image[512:1024] == bytes((byte + 1) % 256 for byte in SECTOR)


def build(options, name: str, folder: pathlib.Path) -> str:
    """The machine and every guest in one folder, as their author would have them. Empty, or what went wrong."""
    shutil.copy(MACHINES / f"{name}.ny", folder)
    (folder / "disk.img").write_bytes(SECTOR + bytes(7 * 512))
    for guest in options.guests.iterdir():
        os.symlink(guest.resolve(), folder / guest.name)
    done = subprocess.run([options.nyxc, "build", f"{name}.ny"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return "" if done.returncode == 0 else f"nyxc build: status {done.returncode}\n{done.stdout}{done.stderr}"


def run(options, case: Case, name: str, folder: pathlib.Path):
    """(status, stdout, stderr); status None: no end within the limit. A run ended by `until` counts as 0."""
    out_path, err_path = folder / "stdout", folder / "stderr"
    with open(out_path, "wb") as out, open(err_path, "wb") as err:
        guest = subprocess.Popen([options.nyx, "run", f"{name}.nyxb", "--accel", options.accel, *options.irqchip, *case.arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                 env={**os.environ, "XDG_RUNTIME_DIR": str(folder)})  # a control socket of its own
        status, deadline = None, time.monotonic() + options.limit
        while time.monotonic() < deadline:
            status = guest.poll()
            if status is not None:
                break
            if case.until and case.until in out_path.read_text(errors="replace"):
                status = 0
                break
            time.sleep(0.05)
        if guest.poll() is None:
            guest.terminate()
            try:
                guest.wait(timeout=10)
            except subprocess.TimeoutExpired:
                guest.kill()
                guest.wait()
    return status, out_path.read_text(errors="replace"), err_path.read_text(errors="replace")


def missing(case: Case, out: str, err: str) -> list:
    found, at = [], 0
    for pattern in case.out:
        match = re.compile(pattern).search(out, at)
        if match:
            at = match.end()
        else:
            found.append(f"stdout: {pattern}")
    return found + [f"stderr: {pattern}" for pattern in case.err if not re.search(pattern, err)]


def check(options, name: str) -> int:
    case = CASES[name]
    if case.needs and not os.path.exists(case.needs):
        print(f"SKIPPED {name}: {case.needs} is not there")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="nyx-guest-") as folder:
        folder = pathlib.Path(folder)
        problem = build(options, name, folder)
        if problem:
            print(f"FAILED {name}: {problem}")
            return 1
        status, out, err = run(options, case, name, folder)
        image = (folder / "disk.img").read_bytes()
    wrong = missing(case, out, err)
    if name.startswith("probe") and (options.accel == "soft" or "user" in options.irqchip):
        wrong += [f"stdout: {OUR_X2APIC}"] if not re.search(OUR_X2APIC, out) else []
    if name.startswith("disk") and not copied(image):
        wrong.append("sector 1 of the image is not what the guest wrote")
    if name == "emulation_failure" and status == 4:
        wrong += [f"stderr: {pattern}" for pattern in EMULATION_REPORT if not re.search(pattern, err)]
    if status in case.status and not wrong:
        print(f"ok      {name}")
        return 0
    print(f"FAILED  {name}: status {status} (expected {case.status}), missing {wrong}\n--- stdout\n{out}\n--- stderr\n{err}")
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nyxc", required=True)
    parser.add_argument("--nyx", required=True)
    parser.add_argument("--guests", type=pathlib.Path, required=True)
    parser.add_argument("--accel", choices=("kvm", "soft"), default="kvm")
    parser.add_argument("--irqchip", choices=("kernel", "user"), help="whose interrupt controllers the guests of KVM have")
    parser.add_argument("--limit", type=float, default=100, help="seconds that one guest may take")
    parser.add_argument("case", nargs="*", help=f"of {', '.join(CASES)}")
    options = parser.parse_args()
    options.irqchip = ["--irqchip", options.irqchip] if options.irqchip else []
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    if options.accel == "kvm" and not os.access("/dev/kvm", os.R_OK | os.W_OK):
        print("SKIPPED: /dev/kvm cannot be opened, so no guest can run here")
        return SKIPPED
    results = [check(options, name) for name in options.case or CASES]
    if 1 in results:
        return 1
    return SKIPPED if all(result == SKIPPED for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
