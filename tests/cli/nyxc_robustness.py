"""No input crashes or hangs nyxc: whatever the bytes, it ends with status 0 or 1 within the time limit."""
import json
import os
import random

import harness

# Sanitizers make nyxc many times slower; CMake says how many.
SLOWER = int(os.environ.get("NYX_TEST_SLOWER", "1"))

SAMPLE = """import std.boards.pc
machine web : base {
    \"\"\"doc\"\"\"
    memory = 2 GiB; cpus = 2
    boot = linux(kernel: "vmlinuz", cmdline: "console=ttyS${n:x}")
    serial com1 { base = 0x3f8 }
    for i in 0..3 { nic eth { model = virtio } }
    require memory >= 512 MiB, "too small"
}
fn f(a, b: int = 2) -> int { return [x * 2 for x in range(a) if x % 2 == 0][1:b] ?? { a: 1, "b": (1, 2) } }
class C extends B { field = 0; fn init(self) { self.x = 1 } }
let vm = ProductionVMBuilder()
    .memory(512 * 1024 ** 2)
    .build();
try { throw 1 } catch e { print(e) } finally { pass }
"""


class Robustness(harness.NyxcTest):
    def survives(self, name, content, timeout=240):
        self.write("input.ny", content)
        for format in ("text", "json"):
            done = self.nyxc("check", "--syntax-only", f"--format={format}", "input.ny", timeout=timeout)
            self.assertIn(done.returncode, (0, 1), f"{name}: status {done.returncode}\n{done.stderr[:2000]}")
            self.assertLess(len(done.stdout) + len(done.stderr), 4 << 20, name)
        return done.returncode

    def test_nesting(self):
        for opening in ("(", "[", "{", "f(", "a[", "!", "-", "if x {", "fn() {", "{a:", "match x { _ => ", "\"${", "not "):
            self.assertEqual(self.survives(opening, "x = " + opening * (20_000 // SLOWER)), 1, opening)
        self.survives("balanced", "x = " + "(" * (20_000 // SLOWER) + "1" + ")" * (20_000 // SLOWER))

    def test_long_lines(self):
        for unit in ("x ", "1+", "\"", "'", "a.", "#", "\t", "((", "é", "$", "x = 1;", "0x", "1_", "/* "):
            self.survives(unit, unit * (10_000_000 // SLOWER // len(unit.encode())), timeout=240)

    def test_long_texts_in_every_stage(self):
        """What a message quotes of the source is shortened."""
        size = 10_000_000 // SLOWER
        for shape in ("LONG", "x = \"LONG\"", "# LONG", "x = 1 LONG", "import LONG", "throw \"LONG\"", "let x: LONG = 1",
                      "machine LONG { }", "machine m : LONG { }", "machine m { LONG = 1 }", "machine m { LONG x { } }",
                      "machine m { boot = pvh(image: \"LONG\") }", "machine m { boot = LONG(1) }",
                      "machine m { boot = pvh(image: \"probe.elf\"); require false, \"LONG\" }"):
            self.write("input.ny", shape.replace("LONG", "a" * size))
            done = self.nyxc("check", "--format=json", "input.ny", timeout=240)
            self.assertIn(done.returncode, (0, 1), f"{shape}: {done.stderr[:2000]}")
            self.assertLess(len(done.stdout), 10_000, shape)
        for shape in ("x = [" + "1," * (size // 2) + "]", "x = 1" + "+1" * (size // 2), "x = " + "1" * size):
            self.write("input.ny", shape)
            done = self.nyxc("check", "--format=json", "input.ny", timeout=240)
            self.assertIn(done.returncode, (0, 1), f"{shape[:20]}: {done.stderr[:2000]}")
            self.assertLess(len(done.stdout), 10_000, shape[:20])

    def test_bounds_are_diagnostics(self):
        for code, text in (("NY0008", "1 " * 2_100_000), ("NY0109", "let = 1\n" * 1_100), ("NY0302", "while true { }")):
            self.write("input.ny", text)
            done = self.nyxc("check", "--format=json", "input.ny", timeout=240)
            self.assertEqual(done.returncode, 1)
            self.assertIn(code, [json.loads(line)["code"] for line in done.stdout.splitlines()])

    def test_odd_bytes_reach_every_stage(self):
        machine = b'machine web { boot = pvh(image: "probe.elf"); serial com1 { } }\n'
        self.write("input.ny", b"\xef\xbb\xbf" + machine.replace(b"; ", b"\r\n"))
        self.expect(0, "check", "input.ny")
        for odd in (b"\0", b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80"):
            for content in (machine + odd, odd + machine, machine.replace(b"probe", b"pro" + odd + b"be"), machine.replace(b"com1", odd)):
                self.write("input.ny", content)
                for format in ("text", "json", "sarif"):
                    self.expect(1, "check", f"--format={format}", "input.ny")

    def test_random_bytes(self):
        generator = random.Random(1)
        for size in (1, 10, 1000, 100_000):
            for _ in range(5):
                self.survives("random", generator.randbytes(size))

    def test_odd_text(self):
        for content in (b"", b"\n", b"\0", b"\xef\xbb\xbfx = 1\n", b"\xff\xfe", b"x = \"\xc3", b"x = '\xe2\x82", b"\r\n\r\r\n", b"x = 1\x1a", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
            self.survives(content, content)

    def test_truncation_and_mutation(self):
        data = SAMPLE.encode()
        generator = random.Random(2)
        for end in range(0, len(data), 7 * SLOWER):
            self.survives(end, data[:end])
        for _ in range(60 // SLOWER):
            changed = bytearray(data)
            for _ in range(generator.randint(1, 8)):
                changed[generator.randrange(len(changed))] = generator.randrange(256)
            self.survives(changed, bytes(changed))


if __name__ == "__main__":
    harness.main()
