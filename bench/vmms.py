"""What the benches beside QEMU share: a VMM started and watched from outside, a table of medians, the line of conditions."""
import datetime
import os
import pathlib
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MIB = 1 << 20
CPU = "EPYC,-cx16"  # an emulated guest cannot use CMPXCHG16B

CMDLINE = "console=ttyS0 panic=-1 reboot=k noxsave clearcpuid=smap,popcnt,erms,fsrm rodata=off"
INIT = b"Run /init as init process"
VMMS = ("nyx", "qemu microvm", "qemu pc")


def qemu(machine: str, memory: int, cpus: int, *rest: str) -> list:
    return ["qemu-system-x86_64", "-accel", "kvm", "-M", machine, "-cpu", CPU, "-m", str(memory), "-smp", str(cpus), "-nodefaults", "-no-user-config",
            "-display", "none", "-serial", "stdio", "-no-reboot", *rest]


def on_each(nyx: pathlib.Path, guest: str, memory: int, cpus: int, rest: list) -> dict:
    """What starts this guest, by VMM: for nyx GUEST.nyxb, for QEMU what `rest` says."""
    return {"nyx": [str(nyx), "run", f"{guest}.nyxb", "--accel", "kvm", "--on-reset", "stop"],
            "qemu microvm": qemu("microvm", memory, cpus, *rest), "qemu pc": qemu("pc", memory, cpus, *rest)}


def prepare_linux(folder: pathlib.Path) -> None:
    """The kernel and initramfs of scripts/build-linux, and the machine that boots them, linux.ny, in this folder."""
    subprocess.run([ROOT / "scripts" / "build-linux", "--into", folder], stdout=subprocess.DEVNULL, check=True)
    shutil.copy(ROOT / "examples/02_linux/machine.ny", folder / "linux.ny")


def linux(nyx: pathlib.Path) -> dict:
    return on_each(nyx, "linux", 128, 2, ["-kernel", "vmlinux", "-initrd", "initramfs.cpio", "-append", CMDLINE])


class Run:
    """One VMM with one guest, started now: seconds are counted from before exec."""

    def __init__(self, command: list, folder: pathlib.Path, counter: str = ""):
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
        self.counts = folder / "counts"
        if counter:
            self.counts.write_bytes(bytes(16))
            environment |= {"LD_PRELOAD": counter, "NYX_COUNT_EXITS": str(self.counts)}
        self.output, write_end = os.pipe()
        self.input_kept_open, self.input = os.pipe()[::-1]
        actions = [(os.POSIX_SPAWN_DUP2, self.input, 0), (os.POSIX_SPAWN_DUP2, write_end, 1),
                   (os.POSIX_SPAWN_OPEN, 2, str(folder / "stderr"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
        program = shutil.which(command[0])
        self.started = time.perf_counter()
        self.pid = os.posix_spawn(program, command, environment, file_actions=actions)
        os.close(write_end)
        self.text = b""

    def seconds_to(self, text: bytes, limit: float):
        """None: it ended, or the limit passed, before it said so."""
        while text not in self.text:
            left = self.started + limit - time.perf_counter()
            if left <= 0 or not select.select([self.output], [], [], left)[0]:
                return None
            data = os.read(self.output, 65536)
            if not data:
                return None
            self.text += data
        return time.perf_counter() - self.started

    def exits(self) -> int:
        return struct.unpack("<QQ", self.counts.read_bytes())[0]

    def memory(self, guest_bytes: int) -> tuple:
        """(resident, private) bytes outside the guest's RAM, which is the smallest mapping that is large enough for it."""
        mappings = []
        for line in open(f"/proc/{self.pid}/smaps", encoding="ascii", errors="replace"):
            if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
                mappings.append({})
            elif (field := re.match(r"(\w+): +(\d+) kB", line)) is not None:
                mappings[-1][field[1]] = int(field[2]) * 1024
        ram = min((m for m in mappings if m["Size"] >= guest_bytes), key=lambda m: m["Size"])
        rest = [m for m in mappings if m is not ram]
        return sum(m["Rss"] for m in rest), sum(m["Private_Clean"] + m["Private_Dirty"] for m in rest)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        for fd in (self.output, self.input, self.input_kept_open):
            os.close(fd)


class Table:
    """Values by row and column, in the order of their first appearance."""

    def __init__(self):
        self.values = {}

    def add(self, row: str, column: str, value):
        self.values.setdefault(row, {}).setdefault(column, []).append(value)

    def median(self, row: str, column: str):
        values = [v for v in self.values.get(row, {}).get(column, []) if v is not None]
        return statistics.median(values) if values else None

    def cell(self, row: str, column: str, limit: float) -> str:
        values = self.values[row].get(column)
        if values is None:
            return "-"
        found = [v for v in values if v is not None]
        if not found:
            return f"not in {limit:g} s"
        digits = 0 if isinstance(found[0], int) else 2 if statistics.median(found) < 100 else 1
        missing = f", {len(values) - len(found)} not in {limit:g} s" if len(found) < len(values) else ""
        return f"{statistics.median(found):.{digits}f} ({min(found):.{digits}f}..{max(found):.{digits}f}{missing})"

    def print(self, columns: tuple, limit: float):
        lines = [["median (least..most)", *columns]] + [[row, *(self.cell(row, column, limit) for column in columns)] for row in self.values]
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        for line in lines:
            print("  ".join(text.ljust(width) if i == 0 else text.rjust(width) for i, (text, width) in enumerate(zip(line, widths))))


def first_line(*command) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.partition("\n")[0]


def print_conditions(rounds: str, nyx: pathlib.Path):
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    modules = [name for name in ("kvm_intel", "kvm_amd", "kvm_pvm") if pathlib.Path("/sys/module", name).exists()]
    print(f"host      {cpu[1] if cpu else '?'}, {os.cpu_count()} processors, Linux {os.uname().release}, {' '.join(modules) or 'no KVM module'}")
    print(f"versions  {first_line(nyx, '--version')}; {first_line('qemu-system-x86_64', '--version')}; guest CPU of QEMU: {CPU}")
    print(f"when      {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, load average {' '.join(f'{x:.1f}' for x in os.getloadavg())}")
    print(f"rounds    {rounds}, VMMs in turn in each")


def need(*files) -> None:
    """Ends with the name of the first that is neither a file nor a program."""
    for needed in files:
        if shutil.which(needed) is None and not os.path.exists(needed):
            raise SystemExit(f"this bench needs {needed}")
