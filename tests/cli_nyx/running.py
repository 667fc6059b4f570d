#!/usr/bin/env python3
"""What nyx runs and how it ends: a bundle, a .ny file, the one bundle of a folder, a machine of options; where the serial port goes."""
import json
import os
import re
import select
import subprocess
import time
import unittest

import harness

PATIENCE_S = 60


class Serial(harness.NyxTest):
    def test_this_terminal_unless_told_otherwise(self):
        done = self.nyx(0, "run", self.bundle())
        self.assertIn("hello from 64 bits", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_file_in_the_machine(self):
        done = self.nyx(0, "run", self.bundle(serial='backend = file("out.log")'))
        self.assertEqual(done.stdout, "")
        self.assertIn("hello from 64 bits", self.read("out.log"))

    def test_none_in_the_machine(self):
        self.assertEqual(self.nyx(0, "run", self.bundle(serial="backend = none")).stdout, "")

    def test_option_instead_of_what_the_machine_says(self):
        bundle = self.bundle(serial='backend = file("out.log")')
        self.assertEqual(self.nyx(0, "run", bundle, "--serial", "file:other.log").stdout, "")
        self.assertIn("hello from 64 bits", self.read("other.log"))
        self.assertFalse((self.folder / "out.log").exists())
        self.assertIn("hello from 64 bits", self.nyx(0, "run", bundle, "--serial", "stdio").stdout)
        self.assertEqual(self.nyx(0, "run", bundle, "--serial", "none").stdout, "")

    def test_file_that_cannot_be_written(self):
        done = self.nyx(3, "run", self.bundle(serial='backend = file("nowhere/out.log")'))
        self.assertIn("nowhere/out.log", done.stderr)

    def test_pty(self):
        command = [harness.OPTIONS.nyx, "run", self.bundle(guest="hang"), "--serial", "pty", "--timeout", "50"]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
            try:
                name = re.search(r"com1: pseudo-terminal (/dev/pts/\d+)", run.stderr.readline())
                self.assertTrue(name, "no line that names the terminal")
                terminal = os.open(name[1], os.O_RDONLY | os.O_NOCTTY)
                seen, deadline = b"", time.monotonic() + PATIENCE_S
                try:
                    while b"about to hang" not in seen and time.monotonic() < deadline:
                        if select.select([terminal], [], [], 1)[0]:
                            seen += os.read(terminal, 1024)
                except OSError:
                    pass  # nyx has ended and closed its side
                os.close(terminal)
                self.assertIn(b"about to hang", seen)
            finally:
                run.kill()


class Sources(harness.NyxTest):
    def test_ny_file_is_built_and_leaves_nothing_behind(self):
        source = self.source(guest="exit_code")
        temporary = self.folder / "temporary"
        temporary.mkdir()
        self.assertIn("leaving with 42", self.nyx(42, "run", source, TMPDIR=str(temporary)).stdout)
        self.assertEqual(list(temporary.iterdir()), [])
        self.assertFalse((self.folder / "small.nyxb").exists())

    def test_mistake_in_a_ny_file_is_status_1(self):
        (self.folder / "wrong.ny").write_text("machine wrong { memory = 16 MiB\n  serial com1 { colour = 3 }\n}\n")
        done = self.nyx(1, "run", "wrong.ny")
        self.assertIn("wrong.ny:2", done.stdout + done.stderr)

    def test_folder_with_none_one_and_two_bundles(self):
        done = self.nyx(3, "run")
        self.assertIn("no bundle (.nyxb) in this folder", done.stderr)
        self.assertIn("nyxc build", done.stderr)
        self.bundle("first")
        self.assertIn("hello from 64 bits", self.nyx(0, "run").stdout)
        self.bundle("second")
        self.assertIn("2 bundles are in this folder: first.nyxb, second.nyxb", self.nyx(2, "run").stderr)

    def test_boot_binary(self):
        place = ["--entry", "0x100000", "--mem", "16M"]
        self.assertIn("hello from 64 bits", self.nyx(0, "boot", "--binary", "hello64.bin", *place).stdout)
        self.nyx(42, "boot", "--binary", "exit_code.bin", *place)
        missing = self.nyx(1, "boot", "--binary", "nothing.bin", *place)
        self.assertIn("nothing.bin", missing.stdout + missing.stderr)
        self.nyx(2, "boot", "--binary", "hello64.bin", "--entry", "somewhere")

    def test_boot_kernel(self):
        # An ELF with a PVH note, which is what a vmlinux is.
        probe = str(harness.OPTIONS.guests.resolve() / "probe.elf")
        done = self.nyx(0, "boot", "--kernel", probe, "--cmdline", "one two", "--mem", "128M", "--cpus", "2")
        self.assertRegex(done.stdout, r"(?s)boot pvh.*cmdline one two.*cpus online 2.*done \d+ checks, 0 failed")


class Ends(harness.NyxTest):
    def test_timeout_is_status_4_with_a_report(self):
        spin = self.folder / "spin.bin"
        spin.write_bytes(b"\xeb\xfe")
        done = self.nyx(4, "boot", "--binary", "spin.bin", "--entry", "0x100000", "--mem", "16M", "--timeout", "1")
        self.assertRegex(done.stderr, r"(?s)^nyx: the time limit of 1 s was reached.*rip=0000000000100000")

    def test_guest_that_is_done_before_its_time_limit(self):
        self.nyx(42, "run", self.bundle(guest="exit_code"), "--timeout", "90")

    def test_exit_stats(self):
        done = self.nyx(0, "run", self.bundle(), "--exit-stats")
        self.assertRegex(done.stderr, r"com1 +thr +write +\d+ ")
        report = json.loads(self.nyx(0, "run", "small.nyxb", "--exit-stats", "--format=json").stderr)
        self.assertEqual(report["outcome"], "exited")
        counted = sum(row["count"] for row in report["exit_stats"]["accesses"])
        self.assertEqual(counted, report["exit_stats"]["total_accesses"])


if __name__ == "__main__":
    harness.main()
