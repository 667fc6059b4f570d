#!/usr/bin/env python3
"""Whether `nyxc check` is linear: files of growing length, each checked once, with CPU time and greatest memory for a line.

usage: linear.py NYXC [LINES …]     (default: 12500 25000 50000 100000)
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CLASS = """class Device{n} extends {base} {{
    \"\"\"Device {n} of the board.\"\"\"
    base = {n}
    fn init(self, name: string, irq = {irq}) {{
        self.name = name
        self.irq = irq
        self.registers = {{"status": 0, "data": {n}}}
        self.queue = []
    }}
    fn read(self, port: int) -> int {{
        let offset = port - self.base
        switch offset {{
            case 0: return self.registers["status"]
            case 1: return self.queue.pop()
            default: return 0xff
        }}
    }}
    fn write(self, port: int, value: int) {{
        if port == self.base {{
            self.queue.push(value & 0xff)
        }} else if value > 0x7f {{
            self.registers["data"] = value >> 1
        }}
        for i in 0..8 {{
            self.last = (value >> i) & 1
        }}
        return self
    }}
}}
"""
FUNCTIONS = """fn checksum{n}(bytes: array<int>, seed = 0) {{
    let mut sum = seed
    for byte in bytes {{
        sum = (sum + byte * {n}) % 65521
    }}
    return sum
}}
fn describe{n}(device: Device{n}, lines) {{
    let text = "device ${{device.name}} at ${{device.base:x}}"
    let parts = [line.trim() for line in lines if line != ""]
    let total = checksum{n}([1, 2, 3], seed: {n}) + {previous}
    return text + ", ".join(parts) + str(total)
}}
let device{n} = Device{n}("d{n}", irq: {irq})
let text{n} = describe{n}(device{n}, ["a", "b"])
"""


def program(lines):
    parts, count, n = ["class Board { fn init(self) { } }\n"], 1, 0
    while count < lines:
        n += 1
        base = f"Device{n - 1}" if n % 5 > 1 else "Board"
        previous = f"checksum{n - 1}([4])" if n > 1 else "0"
        parts.append((CLASS + FUNCTIONS).format(n=n, base=base, irq=n % 16, previous=previous))
        count += parts[-1].count("\n")
    return "".join(parts)


def measure(nyxc, path):
    with subprocess.Popen([nyxc, "check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        out, err = child.stdout.read(), child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, child.returncode, (out + err).decode()


def main():
    nyxc, sizes = sys.argv[1], [int(a) for a in sys.argv[2:]] or [12500, 25000, 50000, 100000]
    print("   lines   seconds   µs/line   peak MiB   kB/line")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.ny"
        empty.write_text("")
        _, base_memory, _, _ = measure(nyxc, empty)
        for size in sizes:
            text = program(size)
            path = Path(folder) / f"lines{size}.ny"
            path.write_text(text)
            seconds, memory, status, said = measure(nyxc, path)
            lines = text.count("\n")
            print(f"{lines:8} {seconds:9.2f} {seconds / lines * 1e6:9.1f} {memory / 1024:10.0f} {(memory - base_memory) / lines:9.2f}")
            if status != 0:
                sys.exit(said[:2000])


if __name__ == "__main__":
    main()
