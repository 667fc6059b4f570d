#!/usr/bin/env python3
"""nyx inspect: the devices of a machine that runs."""
import json
import subprocess
import time

import harness

PATIENCE_S = 60


class Inspect(harness.NyxTest):
    def setUp(self):
        super().setUp()
        command = [harness.OPTIONS.nyx, "run", self.bundle(guest="hang"), "--serial", "none", "--timeout", "90"]
        self.run_process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)
        deadline = time.monotonic() + PATIENCE_S
        while "small" not in self.nyx(0, "ps").stdout:
            self.assertLess(time.monotonic(), deadline, "the machine does not appear")
            time.sleep(0.05)

    def end(self):
        self.run_process.kill()
        self.run_process.wait()

    def inspect(self, *what):
        return json.loads(self.nyx(0, "inspect", "small", *what, "--format=json").stdout)

    def test_all_devices_one_and_one_register(self):
        self.assertEqual([device["name"] for device in self.inspect()], ["acpi_pm", "com1", "exit0", "i8042", "rtc"])
        com1, = self.inspect("com1")
        self.assertEqual(com1["regions"], [{"space": "pio", "base": "0x3f8", "size": 8}])
        self.assertEqual(com1["lines"], [{"gsi": 4, "asserted": False}])
        self.assertIn("lcr", [register["name"].lower() for register in com1["registers"]])
        self.assertTrue(com1["state"])
        lcr, = self.inspect("com1.lcr")
        self.assertEqual([register["name"].lower() for register in lcr["registers"]], ["lcr"])
        self.assertEqual(lcr["registers"][0]["offset"], 3)

    def test_text(self):
        text = self.nyx(0, "inspect", "small").stdout
        self.assertRegex(text, r"com1 \(\w+\), pio 0x3f8 size 8, gsi 4 low\n")
        self.assertIn("\nexit0 (exit)", text)
        self.assertIn("state", text)

    def test_reading_has_no_effect(self):
        self.nyx(0, "pause", "small")  # neither the guest nor its time goes on, but the calendar does: not rtc
        for device in ("acpi_pm", "com1", "exit0", "i8042"):
            before = self.nyx(0, "inspect", "small", device).stdout
            self.assertEqual(self.nyx(0, "inspect", "small", device).stdout, before)

    def test_what_is_not_there(self):
        self.assertIn("there is: acpi_pm, com1, exit0, i8042, rtc", self.nyx(3, "inspect", "small", "com2").stderr)
        self.assertIn("no register 'xyz'", self.nyx(3, "inspect", "small", "com1.xyz").stderr)
        self.assertIn("no machine named 'none'", self.nyx(3, "inspect", "none").stderr)


if __name__ == "__main__":
    harness.main()
