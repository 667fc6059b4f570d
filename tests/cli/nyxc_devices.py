"""Devices in Nyx: their tests, what machines make of them, the header for guests, the lock of their state.

usage: nyxc_devices.py NYXC
"""
import json
import unittest
from pathlib import Path

import harness

STDLIB = Path(__file__).resolve().parents[2] / "stdlib/devices"

LAMP = """device lamp(port: ioport(2) = auto([0x80, 0x90]) \"\"\"Where it is.\"\"\", irq: gsi = 5) snapshot 1 {
    \"\"\"A lamp that counts.\"\"\"
    state { steps: u8 = 0 }
    derive irq = level.on && steps > 3
    bank regs: pio @port, size 2 {
        reg level @0 rw { \"\"\"What it shows.\"\"\"; on: 0; bright: 6..4 \"\"\"How bright.\"\"\"; rest: zero }
        reg step @1 rw { on read { return steps } on write(v) { steps += v } }
    }
    test "steps" { write(step, 2); write(step, 2); expect read(step) == 4 }
    test "interrupts" { write(level, 1); write(step, 9); expect irq }
    test "wrong" { expect read(step) == 7 }
}

machine room {
    boot = pvh(image: "probe.elf")
    lamp one { }
    lamp two { irq = 6 }
}
"""


class Devices(harness.NyxcTest):
    def test_tests_of_a_device_run_without_a_guest(self):
        self.write("lamp.ny", LAMP)
        done = self.expect(1, "test", "lamp.ny")
        self.assertIn("passed lamp: steps", done.stdout)
        self.assertIn("passed lamp: interrupts", done.stdout)
        self.assertIn("this does not hold", done.stdout)
        self.assertIn("`read(step)` is 0x0", done.stdout)
        self.assertIn("2 passed, 1 failed", done.stdout)
        lines = [json.loads(line) for line in self.expect(1, "test", "lamp.ny", "--format", "json").stdout.splitlines()]
        self.assertEqual([line["result"] for line in lines], ["passed", "passed", "failed"])
        self.assertEqual(lines[2]["line"], 11)

    def test_machines_have_it(self):
        self.write("lamp.ny", LAMP)
        self.expect(0, "check", "lamp.ny")
        plan = json.loads(self.expect(0, "emit", "plan", "lamp.ny").stdout)
        lamps = [device for device in plan["devices"] if device["type"] == "lamp"]
        self.assertEqual([device["name"] for device in lamps], ["one", "two"])
        self.write("wrong.ny", LAMP.replace("lamp two { irq = 6 }", "lamp two { irc = 6 }"))
        self.assertIn("irc", self.expect(1, "check", "wrong.ny").stderr)

    def test_the_header(self):
        self.write("lamp.ny", LAMP)
        header = self.expect(0, "emit", "header", "lamp.ny").stdout
        self.assertRegex(header, r"#define LAMP_LEVEL +0x0 .*What it shows")
        self.assertRegex(header, r"#define LAMP_LEVEL_BRIGHT +0x70")
        self.assertRegex(header, r"#define LAMP_LEVEL_BRIGHT_SHIFT +0x4")
        self.write("none.ny", "let x = 1\n")
        self.assertIn("declares no device", self.expect(2, "emit", "header", "none.ny").stderr)

    def test_the_lock_of_its_state(self):
        self.write("lamp.ny", LAMP)
        self.expect(0, "build", "lamp.ny")
        lock = (self.folder / "lamp.devices.lock").read_text()
        self.assertIn("device lamp 1\n  1 steps u8\n  2 level u8\n", lock)
        changed = LAMP.replace("steps: u8 = 0", "steps: u8 = 0; more: u16 = 0")
        self.write("lamp.ny", changed)
        finding = json.loads(self.expect(1, "check", "--format=json", "lamp.ny").stdout.splitlines()[0])
        self.assertEqual(finding["code"], "NY0809")
        self.expect(0, "check", "--fix", "lamp.ny")
        self.assertIn("snapshot 2", (self.folder / "lamp.ny").read_text())
        self.expect(0, "build", "lamp.ny")
        self.assertIn("device lamp 2\n  1 steps u8\n  2 level u8\n  3 more u16 since 2\n", (self.folder / "lamp.devices.lock").read_text())
        gone = changed.replace("{ steps: u8", "{ since 3 { tread: u8 = 9 }; steps: u8").replace("; more: u16 = 0", "").replace("snapshot 1", "snapshot 3")
        self.write("lamp.ny", gone)
        self.assertIn("NY0812", self.expect(1, "check", "lamp.ny").stderr)
        end = gone.index("}\n\nmachine")
        moved = gone[:end] + 'migrate 2 -> 3 (old) { tread = u8(old.more) }\ntest "older" { restore(2, more: 7); expect tread == 7 }\n' + gone[end:]
        self.write("lamp.ny", moved)
        self.expect(0, "build", "lamp.ny")
        self.assertIn("  gone 3 more u16 since 2 until 2\n", (self.folder / "lamp.devices.lock").read_text())
        self.assertIn("passed lamp: older", self.expect(1, "test", "lamp.ny").stdout)
        self.expect(0, "fmt", "lamp.ny")
        self.assertIn("migrate 2 -> 3 (old) { tread = u8(old.more) }", (self.folder / "lamp.ny").read_text())
        self.write("lamp.devices.lock", "nonsense\n")
        self.assertIn("line 1 is not one of a lock of states", self.expect(1, "check", "lamp.ny").stderr)

    def test_the_format_keeps_it(self):
        self.write("lamp.ny", LAMP)
        self.expect(0, "fmt", "lamp.ny")
        once = (self.folder / "lamp.ny").read_text()
        self.expect(0, "fmt", "--check", "lamp.ny")
        self.assertIn("reg step @1 rw { on read", once)

    def test_the_catalog(self):
        count = 0
        for path in sorted(STDLIB.glob("*.ny")):
            if not path.read_text().startswith("device "):
                continue
            count += 1
            done = self.expect(0, "test", str(path))
            self.assertRegex(done.stdout, r"\d+ passed, 0 failed")
            lock = self.expect(0, "emit", "state-lock", str(path)).stdout
            self.assertEqual(lock, (STDLIB / "state.lock").read_text(), f"nyxc emit state-lock {path.name} has another one")
        self.assertGreater(count, 4)


if __name__ == "__main__":
    harness.main()
