#!/usr/bin/env python3
"""Runs guests deterministically, twice, recorded and replayed, forwards and backwards, and holds the runs against one another.

usage: run_deterministic.py --nyxc NYXC --nyx NYX --guests build/debug/guests CASE ...
Cases: probe1, probe2, probe4 (the probe guest with so many vCPUs), compiled (against interpreted), given (input, power button, reset, and a recording process that is killed), files (damaged recordings), linux (boots examples/02_linux
twice, and types at its shell). Exit status 77: what the case needs is not here.
"""
import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "02_linux"
SKIPPED = 77
LINUX_BOOTED = 300_000_000  # instructions, past the boot
TYPED = ["echo sum=$((6 * 7))", "head -c 100000 /dev/urandom | sha256sum", "sleep 1; date", "poweroff -f"]
SHELL = "nyx#"


class Failure(Exception):
    pass


def expect(condition: bool, what: str):
    if not condition:
        raise Failure(what)


class Tools:
    def __init__(self, options, folder: pathlib.Path):
        self.options, self.folder = options, folder
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}

    def nyx(self, *arguments: str, status: int = 0, typed: str = ""):
        done = subprocess.run([self.options.nyx, *arguments], cwd=self.folder, input=typed, capture_output=True, text=True, errors="replace", timeout=self.options.limit,
                              env=self.environment, check=False)
        expect(done.returncode == status, f"nyx {' '.join(arguments)}: status {done.returncode}, not {status}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done

    def build(self, name: str, text: str):
        (self.folder / f"{name}.ny").write_text(text)
        done = subprocess.run([self.options.nyxc, "build", f"{name}.ny"], cwd=self.folder, capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"nyxc build {name}.ny: {done.stderr}")


def digests(text: str) -> list:
    return re.findall(r"^(?:instructions|  vcpu|memory|state) .*$", text, re.MULTILINE)


def same_twice(tools: Tools, bundle: str, *arguments: str):
    """Two runs; what both gave."""
    first, second = (tools.nyx("run", bundle, "--deterministic", "--digest", *arguments) for _ in range(2))
    expect(first.stdout == second.stdout, "the output of two runs differs")
    expect(digests(first.stderr) == digests(second.stderr), f"two runs differ:\n{first.stderr}{second.stderr}")
    expect(len(digests(first.stderr)) >= 4, f"there are no digests:\n{first.stderr}")
    return first


def probe(tools: Tools, cpus: int):
    tools.build("probe", f'machine probe {{\n memory = 64 MiB\n cpus = {cpus}\n boot = pvh(image: "probe.elf", cmdline: "one two")\n serial com1 {{ }}\n exit exit {{ }}\n}}\n')
    run = same_twice(tools, "probe.nyxb")
    expect(f"cpus online {cpus}" in run.stdout and "0 failed" in run.stdout, run.stdout)
    other = tools.nyx("run", "probe.nyxb", "--deterministic", "--digest", "--date", "2031-12-31T23:59:00")
    expect("2031-12-31" in other.stdout and digests(other.stderr) != digests(run.stderr), "the date changes nothing")
    recorded = tools.nyx("record", "-o", "probe.nyxr", "probe.nyxb", "--digest")
    expect(digests(recorded.stderr) == digests(run.stderr), "a recorded run differs from one that is not")
    replayed = tools.nyx("replay", "probe.nyxr", "--digest")
    expect(replayed.stdout == run.stdout and digests(replayed.stderr) == digests(run.stderr), f"the replay differs:\n{replayed.stderr}")
    backwards(tools, "probe.nyxr", int(re.search(r"^instructions (\d+)", run.stderr, re.MULTILINE).group(1)))


def compiled(tools: Tools):
    """Compiled code is the interpreter's to the last byte, whenever it is there."""
    for cpus in (1, 4):
        tools.build("probe", f'machine probe {{\n memory = 64 MiB\n cpus = {cpus}\n boot = pvh(image: "probe.elf", cmdline: "one two")\n serial com1 {{ }}\n exit exit {{ }}\n}}\n')
        run = ["run", "probe.nyxb", "--deterministic", "--digest", "--exit-stats", "--soft-tier"]
        plain = tools.nyx(*run, "interpreter")
        # Compiled as soon as it may be, so that much of it runs compiled however busy the host is, and when the host finds the time.
        hottest, hot = (tools.nyx(*run, "llvm", "--soft-heat", heat).stderr for heat in ("0", "1"))
        for stderr in (hottest, hot):
            expect(digests(plain.stderr) == digests(stderr), f"compiled code is different:\n{plain.stderr}{stderr}")
        count = int(re.search(r"compiled instructions (\d+)", hottest).group(1))
        expect(count > 0, "nothing ran compiled")
        print(f"{cpus} vCPUs: {count} instructions ran compiled", flush=True)


def backwards(tools: Tools, recording: str, end: int):
    """Every point has one digest, however it is reached."""
    points = [end // 7, end // 2, end - 1]
    script = [f"goto {at}\ndigest\nstep 1000\nback 1000\ndigest" for at in points] + ["continue", "digest", "back"] + [f"goto {at}\ndigest" for at in reversed(points)] + ["continue", "quit"]
    out = tools.nyx("replay", recording, "--interactive", typed="\n".join(script) + "\n").stdout
    seen = {}
    for found in re.finditer(r"^instructions (\d+)\n((?:  vcpu.*\n)+memory .*\nstate .*)$", out, re.MULTILINE):
        before = seen.setdefault(int(found.group(1)), found.group(2))
        expect(before == found.group(2), f"instruction {found.group(1)} looks different the second time:\n{before}\n{found.group(2)}")
    expect(set(points) < set(seen) and end in seen, f"not every point was reached: {sorted(seen)}")
    expect(len(re.findall(r"agree with the recording", out)) >= 2, f"the end does not agree:\n{out[-3000:]}")


class Typist:
    """nyx record, with lines typed when the guest asks for them."""

    def __init__(self, tools: Tools, bundle: str, recording: str):
        self.text = ""
        self.errors = open(tools.folder / "typist.err", "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([tools.options.nyx, "record", "-o", recording, bundle, "--digest"], cwd=tools.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, env=tools.environment)

    def wait_for(self, wanted: str, count: int):
        while self.text.count(wanted) < count:
            data = os.read(self.process.stdout.fileno(), 65536)
            expect(bool(data), f"nyx ended before `{wanted}` was there {count} times:\n{self.text[-2000:]}")
            self.text += data.decode(errors="replace")

    def type(self, text: str):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def end(self) -> str:
        self.process.stdin.close()
        self.text += self.process.stdout.read().decode(errors="replace")
        expect(self.process.wait() == 0, f"nyx record: status {self.process.returncode}")
        self.errors.seek(0)
        return self.errors.read()


def linux_bundle(tools: Tools):
    done = subprocess.run([ROOT / "scripts" / "build-linux", "--into", tools.folder], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        print(f"SKIPPED: no guest kernel: {done.stderr.strip()}")
        sys.exit(SKIPPED)
    expect(done.returncode == 0, f"scripts/build-linux: {done.stderr}")
    tools.build("machine", (EXAMPLE / "machine.ny").read_text())


def linux(tools: Tools):
    linux_bundle(tools)
    same_twice(tools, "machine.nyxb", "--stop-at", str(LINUX_BOOTED))
    print("two boots are the same", flush=True)
    typist = Typist(tools, "machine.nyxb", "linux.nyxr")
    for number, line in enumerate(TYPED):
        typist.wait_for(SHELL, number + 1)
        time.sleep(0.5)  # the moment is the host's, not the guest's
        typist.type(line + "\n")
    recorded = typist.end()
    expect("sum=42" in typist.text, typist.text[-2000:])
    replayed = tools.nyx("replay", "linux.nyxr", "--digest")
    expect(digests(replayed.stderr) == digests(recorded), f"the replay differs:\n{recorded}\n{replayed.stderr}")
    expect(replayed.stdout.replace("\r", "") == typist.text.replace("\r", ""), "the replay says something else")
    print(f"a session with {len(TYPED)} typed lines replays: {digests(recorded)}", flush=True)
    end = int(re.search(r"^instructions (\d+)", recorded, re.MULTILINE).group(1))
    script = f"goto {end - 2000}\ndigest\nstep 1000\nback 1000\ndigest\nback 100000000\ndigest\ngoto {end - 2000}\ndigest\ncontinue\nquit\n"
    out = tools.nyx("replay", "linux.nyxr", "--interactive", typed=script).stdout
    states = re.findall(rf"^instructions {end - 2000}\n(?:  vcpu.*\n)+memory (.*)\nstate (.*)$", out, re.MULTILINE)
    expect(len(states) == 3 and len(set(states)) == 1, f"going back changes the run: {states}")
    expect("agree with the recording" in out, out[-1000:])


def files(tools: Tools):
    """What is wrong with a recording is said, with status 3, before the guest runs."""
    tools.build("hello", 'machine hello {\n memory = 16 MiB\n boot = flat(image: "hello64.bin", load: 0x100000, entry: 0x100000, mode: long64)\n serial com1 { }\n exit exit { }\n}\n')
    tools.build("other", 'machine other {\n memory = 32 MiB\n boot = flat(image: "hello64.bin", load: 0x100000, entry: 0x100000, mode: long64)\n serial com1 { }\n exit exit { }\n}\n')
    tools.nyx("record", "-o", "good.nyxr", "hello.nyxb")
    good = (tools.folder / "good.nyxr").read_bytes()

    def refused(data: bytes, message: str, *arguments: str):
        (tools.folder / "bad.nyxr").write_bytes(data)
        done = tools.nyx("replay", "bad.nyxr", *arguments, status=3)
        expect(re.search(message, done.stderr) is not None and done.stdout == "", f"{message}: {done.stderr}{done.stdout}")

    refused(b"", "not a recording")
    refused(good[:100], "not a recording")
    refused(b"NYXB" + good[4:], "not a recording")
    refused(good[:8] + b"\x63" + good[9:], "format 99")
    refused(good[:50] + bytes([good[50] ^ 1]) + good[51:], "header is damaged")
    refused(good[:-40] + bytes([good[-40] ^ 1]) + good[-39:], "its check does not fit")
    refused(good[:-1], "was cut off")
    refused(good + good[-60:], "follows the end")
    refused(good, "not the machine that was recorded", "other.nyxb")
    tools.nyx("replay", "nowhere.nyxr", status=3)
    disagrees(tools, "good.nyxr", good[-72:-40], bytes(32), "memory differs")
    disagrees(tools, "good.nyxr", good[-40:-8], bytes(32), "state of vCPUs and devices differs")
    (tools.folder / "bad.nyxr").write_bytes(good[:-1])
    expect("cut off here" in tools.nyx("replay", "bad.nyxr", "--partial").stderr, "--partial")
    done = tools.nyx("run", "hello.nyxb", "--deterministic", "--accel", "kvm", status=2)
    expect("KVM cannot run a machine deterministically" in done.stderr, done.stderr)


def with_checks(data: bytearray) -> bytes:
    """A recording whose content was changed, with checks that fit again."""
    check, at = bytes(data[128:136]), 160
    while at < len(data):
        size = 8 + int.from_bytes(data[at:at + 4], "little")
        check = hashlib.sha256(check + data[at:at + size]).digest()[:8]
        data[at + size:at + size + 8] = check
        at += size + 8
    return bytes(data)


def disagrees(tools: Tools, name: str, find: bytes, put: bytes, message: str):
    data = bytearray((tools.folder / name).read_bytes())
    at = data.rindex(find)
    data[at:at + len(put)] = put
    (tools.folder / "changed.nyxr").write_bytes(with_checks(data))
    done = tools.nyx("replay", "changed.nyxr", status=1)
    expect(re.search(message, done.stderr) is not None, f"{message}: {done.stderr}")


def given(tools: Tools):
    """All that a host can give a guest: bytes, the power button, a reset. The guest reads none of the bytes, but what its UART takes, and when, shows in its state."""
    tools.build("probe", 'machine probe {\n memory = 64 MiB\n boot = pvh(image: "probe.elf", cmdline: "one two")\n serial com1 { }\n exit exit { }\n}\n')
    typist = Typist(tools, "probe.nyxb", "given.nyxr")
    typist.wait_for("probe:", 3)
    typist.type("some bytes")
    tools.nyx("reset", "probe")
    typist.wait_for("probe: boot", 2)
    tools.nyx("pause", "probe")
    typist.type("more bytes")
    tools.nyx("powerdown", "probe")
    tools.nyx("resume", "probe")
    recorded = typist.end()
    for _ in range(2):
        replayed = tools.nyx("replay", "given.nyxr", "--digest")
        expect(digests(replayed.stderr) == digests(recorded), f"the replay differs:\n{recorded}\n{replayed.stderr}")
    expect(b"com1s" in (tools.folder / "given.nyxr").read_bytes(), "what was typed is not in the recording")
    backwards(tools, "given.nyxr", int(re.search(r"^instructions (\d+)", recorded, re.MULTILINE).group(1)))
    disagrees(tools, "given.nyxr", b"com1", b"com2", "between instruction .* no device takes the input of com2")
    killed(tools)


def killed(tools: Tools):
    """A recording process that dies leaves all that was written."""
    typist = Typist(tools, "probe.nyxb", "killed.nyxr")
    typist.wait_for("probe:", 3)
    typist.type("x")
    while b"com1x" not in (tools.folder / "killed.nyxr").read_bytes():
        time.sleep(0.05)
    typist.process.kill()
    typist.process.wait()
    expect("was cut off after instruction" in tools.nyx("replay", "killed.nyxr", status=3).stderr, "a recording that was cut off")
    expect("cut off here" in tools.nyx("replay", "killed.nyxr", "--partial").stderr, "--partial")


CASES = {"probe1": lambda tools: probe(tools, 1), "probe2": lambda tools: probe(tools, 2), "probe4": lambda tools: probe(tools, 4), "compiled": compiled, "given": given, "files": files, "linux": linux}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nyxc", required=True)
    parser.add_argument("--nyx", required=True)
    parser.add_argument("--guests", type=pathlib.Path, required=True)
    parser.add_argument("--limit", type=float, default=800, help="seconds that one run may take")
    parser.add_argument("case", nargs="+", choices=CASES)
    options = parser.parse_args()
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    for name in options.case:
        with tempfile.TemporaryDirectory(prefix="nyx-deterministic-") as folder:
            for guest in options.guests.iterdir():
                shutil.copy(guest, folder)
            try:
                CASES[name](Tools(options, pathlib.Path(folder)))
            except Failure as failure:
                print(f"FAILED  {name}: {failure}")
                return 1
            print(f"ok      {name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
