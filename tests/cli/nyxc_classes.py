"""Devices that are classes of the script: the example as a user reads it, and which code a machine is of.

usage: nyxc_classes.py NYXC
"""
import json
import re
import shutil
from pathlib import Path

import harness

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/05_script_device/machine.ny"


class Classes(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.text = EXAMPLE.read_text(encoding="utf-8")
        shutil.copy(self.folder / "probe.elf", self.folder / "echo.bin")
        self.write("machine.ny", self.text)

    def plan(self, text):
        self.write("other.ny", text)
        return json.loads(self.expect(0, "emit", "plan", "other.ny").stdout)

    def replaced(self, old, new):
        self.assertIn(old, self.text)
        return self.text.replace(old, new)

    def test_the_example_builds_without_a_word_and_without_a_lock(self):
        done = self.expect(0, "build", "machine.ny")
        self.assertEqual(done.stderr, "")
        self.assertFalse((self.folder / "machine.devices.lock").exists())
        self.expect(0, "fmt", "--check", "machine.ny")

    def test_the_code_of_its_classes_is_part_of_a_machine(self):
        before = self.plan(self.text)["programs"]
        self.assertEqual(set(before), set(self.plan(self.text)["programs"]))
        for old, new in (("< 16", "< 17"), ('self.emit("tx", value)', 'self.emit("tx", value + 1)')):
            self.assertNotEqual(self.plan(self.replaced(old, new))["programs"]["line"], before["line"])
        same = ("# A comment.\n\n" + self.text,
                self.text + 'machine other { boot = pvh(image: "probe.elf") }\n')
        self.assertEqual(self.plan(same[0])["programs"], before)
        self.write("fleet.ny", same[1])  # another name, too
        fleet = json.loads(self.expect(0, "emit", "plan", "fleet.ny", "--machine", "watched").stdout)
        self.assertEqual(fleet["programs"], before)
        handled = self.replaced("    watchdog dog { }", '    watchdog dog { }\n    on reset { log.info("again") }')
        self.assertEqual(self.plan(handled)["programs"], before)

    def test_explain_exits_says_which_class_an_access_calls(self):
        text = self.expect(0, "explain-exits", "machine.ny").stdout
        self.assertRegex(text, r"ports\[2\] +port 0x2e0 +read +table +1 +a call of class Line\n")
        self.assertRegex(text, r"ports +port 0x2e8 +write +table +1 +a call of class Watchdog\n")

    def test_its_pages_say_what_it_is(self):
        self.expect(0, "doc", "machine.ny", "-o", "reference")
        page = (self.folder / "reference/device/machine.line.html").read_text(encoding="utf-8")
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        for text in ("Behaves as the class Line", "base", "on_rx(byte)", "sink of 8 bits", "ports"):
            self.assertIn(text, words)
        self.assertIn('href="../class/machine.Line.html"', page)
        self.assertIn("on_patience()", (self.folder / "reference/device/machine.watchdog.html").read_text(encoding="utf-8"))

    def test_what_is_not_saved_is_a_warning(self):
        self.write("wrong.ny", self.replaced("    waiting: array<int> = []", "    waiting: array<int> = []\n    made: fn() = fn() { }"))
        done = self.expect(0, "check", "--format=json", "wrong.ny")
        self.assertEqual([json.loads(line)["code"] for line in done.stdout.splitlines()], ["NY0813"])


if __name__ == "__main__":
    harness.main()
