"""A file of 2,000 lines and a session of editing it, the same every time: what a person does in half a minute to a few minutes.

An edit is (line, column, removed characters, inserted text): one keystroke, or one paste.
"""

DEVICE = '''class Device{n} extends {base} {{
    """Device {n} of the board."""
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
fn checksum{n}(bytes: array<int>, seed = 0) {{
    let mut sum = seed
    for byte in bytes {{
        sum = (sum + byte * {n}) % 65521
    }}
    return sum
}}
let device{n} = Device{n}("d{n}", irq: {irq})
let text{n} = "device ${{device{n}.name}} at ${{device{n}.base:x}}: ${{checksum{n}([1, 2, 3], seed: {n})}}"
'''

MACHINE = '''machine node{n} {{
    """Node {n} of the fleet."""
    memory = {memory} MiB
    cpus   = 2
    boot   = flat(image: "guest.bin", load: 0x100000, entry: 0x100000)

    serial com1 {{ }}
    exit exit {{ }}
    require memory >= 64 MiB, "the guest needs it"
}}
'''

TYPED = [
    "fn newest(devices, limit: int) {\n    let found = [d for d in devices if d.irq < limit]\n    return found\n}\n",
    "let chosen = newest([device1, device2], limit: 4)\nprint(chosen)\n",
    "machine extra {\n    memory = 128 MiB\n    boot = flat(image: \"guest.bin\", load: 0x100000, entry: 0x100000)\n    serial com1 { }\n}\n",
    "if text1.starts_with(\"device\") {\n    device1.write(1, 0xff).write(2, 3)\n}\n",
]


def document(lines=2000):
    parts, count, n = ["class Board { fn init(self) { } }\n"], 1, 0
    while count < lines:
        n += 1
        base = f"Device{n - 1}" if n % 5 > 1 else "Board"
        part = DEVICE.format(n=n, base=base, irq=n % 16)
        if n % 10 == 0:
            part += MACHINE.format(n=n, memory=64 * n // 10)
        parts.append(part)
        count += part.count("\n")
    return "".join(parts)


def typing(line, text, slips=17):
    """Key by key; every so often a wrong key that is taken back."""
    column = 0
    for number, key in enumerate(text):
        if number % slips == slips - 1:
            yield line, column, 0, "q"
            yield line, column, 1, ""
        yield line, column, 0, key
        line, column = (line + 1, 0) if key == "\n" else (line, column + 1)


def session(text):
    lines = text.count("\n")
    yield from typing(lines, TYPED[0] + TYPED[1])
    yield from typing(1, TYPED[2])               # at the top: everything below moves
    middle = text[:len(text) // 2].count("\n")
    start = next(i for i, line in enumerate(text.split("\n")) if i >= middle and line.startswith("class "))
    start += TYPED[2].count("\n")
    yield start, 0, 0, TYPED[3]                  # pasted, then taken out again key by key
    for line in range(TYPED[3].count("\n") - 1, -1, -1):
        for column in range(len(TYPED[3].split("\n")[line]), 0, -1):
            yield start + line, column - 1, 1, ""
