#!/usr/bin/env python3
"""Holds our ACPI tables to iasl: every table of many machine shapes is disassembled and compiled again, without an error, a warning
or a remark; the reference shape's disassembly is compared with the .dsl files here (--update writes them); and acpiexec evaluates
what a guest would.

usage: check_iasl.py --tool ACPI_SHAPES --golden DIR [--update]
"""

import argparse
import difflib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=100)
    return done.returncode, done.stdout


def complaints(status, output):
    """Lines in which iasl complains, or the whole output where it failed without a word."""
    lines = [line for line in output.splitlines() if re.search(r"\b(Error|Warning|Remark|Could not|Invalid|Unknown)\b", line)
             and not re.search(r"\b0 Errors, 0 Warnings, 0 Remarks\b", line)]
    return lines or ([output] if status != 0 else [])


def disassembly(path):
    """The text without its head comment, which has the date and the path, and without what only dates iasl."""
    text = re.sub(r"\A/\*.*?\*/\s*", "", path.read_text(), count=1, flags=re.S)
    return text.replace("\t", "    ").rstrip() + "\n"


def check_table(folder, signature):
    status, output = run("iasl", "-d", f"{signature}.aml", cwd=folder)
    failures = [f"disassembling: {line}" for line in complaints(status, output)]
    if failures:
        return failures
    status, output = run("iasl", "-p", f"again-{signature}", f"{signature}.dsl", cwd=folder)
    failures = [f"compiling again: {line}" for line in complaints(status, output)]
    if not failures and not same_content(folder, signature):
        failures.append("compiling the disassembly gave other bytes")
    return failures


def same_content(folder, signature):
    """iasl puts its own name in the header (creator, 8 bytes) and then its own checksum."""
    ours = bytearray((folder / f"{signature}.aml").read_bytes())
    again = bytearray((folder / f"again-{signature}.aml").read_bytes())
    for table in (ours, again):
        if signature != "FACS":
            table[9:10] = b"\0"
            table[28:36] = bytes(8)
    return ours == again


def check_rsdp(folder):
    """iasl writes and compiles an RSDP but cannot disassemble one: ours must be what it makes of its template with our two values."""
    ours = (folder / "acpi.bin").read_bytes()[:36]
    run("iasl", "-T", "RSDP", cwd=folder)
    source = (folder / "rsdp.asl").read_text()
    source = re.sub(r'(Oem ID\s*:).*', rf'\1 "{ours[9:15].decode()}"', source)
    source = re.sub(r'(XSDT Address\s*:).*', rf'\1 {int.from_bytes(ours[24:32], "little"):016X}', source)
    (folder / "rsdp.asl").write_text(source)
    status, output = run("iasl", "-p", "again-rsdp", "rsdp.asl", cwd=folder)
    failures = [f"RSDP: {line}" for line in complaints(status, output)]
    if not failures and (folder / "again-rsdp.aml").read_bytes() != ours:
        failures.append(f"RSDP: iasl makes {(folder / 'again-rsdp.aml').read_bytes().hex()} of our values, we {ours.hex()}")
    return failures


def check_golden(folder, golden, signatures, update):
    failures = []
    for signature in signatures:
        found = disassembly(folder / f"{signature}.dsl")
        expected_file = golden / f"{signature}.dsl"
        if update:
            expected_file.write_text(found)
            continue
        expected = expected_file.read_text() if expected_file.exists() else ""
        difference = "".join(difflib.unified_diff(expected.splitlines(True), found.splitlines(True), str(expected_file), "now"))
        if difference:
            failures.append(difference)
    return failures


def evaluate(folder):
    """acpiexec loads the DSDT beside its own tables and evaluates what an operating system would."""
    status, output = run("acpiexec", "-b", "evaluate \\_S5; evaluate \\_SB.COM1._CRS; evaluate \\_SB.C001._UID; quit", "DSDT.aml", cwd=folder)
    failures = [f"acpiexec: {line}" for line in output.splitlines() if re.search(r"ACPI (BIOS )?(Error|Warning)|AE_(?!OK)", line)]
    values = re.findall(r"\[Integer\] = ([0-9A-F]+)", output)
    wanted = [5, 5, 0, 0, 1]
    if [int(value, 16) for value in values] != wanted:
        failures.append(f"acpiexec: expected the integers {wanted} of \\_S5 and _UID, got {values}\n{output}")
    # IO(Decode16, 0x3F8, 0x3F8, 1, 8), IRQNoFlags(){4}, end tag.
    if not re.search(r"47 01 F8 03 F8 03 01 08 22 10 00 79", output):
        failures.append(f"acpiexec: \\_SB.COM1._CRS is not COM1's\n{output}")
    return failures if status == 0 else failures + [f"acpiexec ended with {status}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("--golden", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    if not shutil.which("iasl") or not shutil.which("acpiexec"):
        print("SKIPPED: iasl and acpiexec are not installed (package acpica-tools); no ACPI table was checked")
        return SKIPPED

    failures = []
    shapes = subprocess.run([options.tool], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    for shape in shapes:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([options.tool, shape, folder], check=True)
            signatures = sorted(path.stem for path in folder.glob("????.aml"))
            for signature in signatures:
                failures += [f"{shape} {signature}: {text}" for text in check_table(folder, signature)]
            failures += [f"{shape} {text}" for text in check_rsdp(folder)]
            if shape == "reference" and not failures:
                failures += check_golden(folder, options.golden, signatures, options.update)
                failures += evaluate(folder)
    print("\n".join(failures) if failures else f"{len(shapes)} shapes: every table passes iasl")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
