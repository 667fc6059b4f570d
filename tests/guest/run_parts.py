#!/usr/bin/env python3
"""Boots Debian's unmodified cloud kernel on machines with fw_cfg, hpet, i8237, smi_port, vm_generation_id and a device of their own file, one of them
with acpi_ged in the place of ACPI's fixed hardware, and asks the kernel what it found.

usage: run_parts.py --nyxc NYXC --nyx NYX [--limit SECONDS]
Runs on the software CPU. Exit status 77: neither network nor cache has the kernel.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from run_linux import INIT_LIVES, ROOT, SKIPPED, Failure, Guest, say

MACHINE = pathlib.Path(__file__).resolve().parent / "machines" / "cloud_parts.ny"
QUESTION = ("for d in /sys/bus/acpi/devices/*; do echo node $(cat $d/path $d/hid 2>/dev/null); done; cat /proc/interrupts /proc/iomem /proc/ioports; "
            "echo clocks $(cat /sys/devices/system/clocksource/clocksource0/available_clocksource); "
            "echo events $(grep 'Clock Event Device' /proc/timer_list); "
            "echo id $(devmem 0xfe100000 64) $(devmem 0xfe100008 64); echo 'that 'was all")
ANSWER_ENDS = r"^that was all"
# What each machine's kernel must say, by what it means.
OF_ALL = {
    "the node of the device that the file declares": r"^node \\_SB_\.ACME ACME0001$",
    "its ports are its": r" : ACME0001:00$",
    "the generation id has a node": r"^node \\_SB_\.GENI NYX00001$",
    "somebody tells of it": r"-edge +ACPI:Ged$",
}
# Linux starts no timer of the board where ACPI is hardware-reduced (acpi_generic_reduced_hw_init), so there the HPET counts for nobody.
PARTS = {**OF_ALL, "fw_cfg has a node": r"^node \\_SB_\.FW_C QEMU0002$", "its ports": r"^ *0510-051b : QEMU0002:00$",
         "the HPET is a clock source": r"^clocks .*\bhpet\b", "the HPET's registers": r"hpet0: 3 comparators, 64-bit 100\.000000 MHz counter",
         "the id that the file gives": r"^id 0x4E905B7D8A3F2C1E 0x8271605F4E3DC2A1$", "the HPET's timers interrupt in the 8254's place": r"^events .*\bhpet\b", "the line of the clock is its driver's": r"^ +8: .*rtc0$"}
REDUCED = {**OF_ALL, "the power button's node": r"^node \\_SB_\.PWRB PNP0C0C$", "events of the GED": r"-fasteoi +ACPI:Ged$"}


def build(nyxc: str, folder: pathlib.Path):
    done = subprocess.run([ROOT / "scripts" / "fetch-cloud-kernel", "--into", folder], capture_output=True, text=True, check=False)
    if done.returncode == SKIPPED:
        say(f"SKIPPED: {done.stderr.strip()}")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        raise Failure(f"scripts/fetch-cloud-kernel: status {done.returncode}\n{done.stderr}")
    (folder / MACHINE.name).write_bytes(MACHINE.read_bytes())
    made = subprocess.run([nyxc, "build", MACHINE.name], cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Failure(f"nyxc build: status {made.returncode}\n{made.stdout}{made.stderr}")


def run(options, folder: pathlib.Path, name: str, expected: dict) -> str:
    with Guest(options.nyx, folder, "soft", options.limit, f"cloud_parts-{name}.nyxb") as guest:
        guest.wait_for(INIT_LIVES)
        guest.wait_for(r"^Type 'poweroff")
        guest.type(QUESTION)
        guest.wait_for(ANSWER_ENDS)
        for meaning, pattern in expected.items():
            if not re.search(pattern, guest.text, re.MULTILINE):
                raise Failure(f"{name}: {meaning}: nothing matches {pattern}")
        guest.power_off()
        return re.search(r"^id (.*)$", guest.text, re.MULTILINE).group(1)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nyxc", required=True)
    options.add_argument("--nyx", required=True)
    options.add_argument("--limit", type=float, default=600, help="seconds for one run")
    options = options.parse_args()
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    with tempfile.TemporaryDirectory() as name:
        try:
            folder = pathlib.Path(name)
            build(options.nyxc, folder)
            run(options, folder, "parts", PARTS)
            ids = {run(options, folder, "reduced", REDUCED) for _ in range(2)}
            if len(ids) != 2:
                raise Failure(f"two runs have one generation id: {ids}")
        except Failure as failure:
            say(f"FAILED: {failure}")
            return 1
    say("every part was found, and each machine powered off")
    return 0


if __name__ == "__main__":
    sys.exit(main())
