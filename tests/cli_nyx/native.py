#!/usr/bin/env python3
"""Native code of a bundle: who may run it, what a run says of it, what it costs, and profiles."""
import hashlib
import json
import subprocess
import time
from pathlib import Path

import harness

PATIENCE_S = 60
MEMORY_LIMIT_KIB = 1024


class Native(harness.NyxTest):
    def state(self):
        return Path(self.environment["XDG_STATE_HOME"]) / "nyx" / "code"

    def code_of(self, *arguments, status=0, **variables):
        """What a run says it has used."""
        done = self.nyx(status, "run", *arguments, "--exit-stats", "--format=json", "--serial", "none", **variables)
        return json.loads(done.stderr)["device_code"]

    def test_code_that_the_user_built_runs(self):
        bundle = self.bundle()
        self.assertRegex(self.code_of(bundle), r"^x86-64-v[13]$")
        self.assertRegex(self.code_of(bundle, "--native=always"), r"^x86-64-v[13]$")
        self.assertEqual(self.code_of(bundle, "--native=never"), "table: --native=never")
        self.assertIn("hello from 64 bits", self.nyx(0, "run", bundle).stdout)
        self.assertIn("\ncode of devices: x86-64-v", self.nyx(0, "run", bundle, "--exit-stats").stderr)

    def test_notes_are_the_users_own(self):
        self.bundle()
        self.assertEqual(self.state().stat().st_mode & 0o777, 0o700)
        notes = list(self.state().iterdir())
        self.assertTrue(notes)
        for note in notes:
            self.assertEqual(note.stat().st_mode & 0o777, 0o600)
            self.assertEqual(note.read_text(), f"{self.folder.resolve() / 'small.nyxb'}\n")

    def test_code_of_somebody_else_does_not(self):
        bundle = self.bundle()
        elsewhere = str(self.folder / "other-state")
        self.assertIn("was not built by you", self.code_of(bundle, XDG_STATE_HOME=elsewhere))
        self.assertRegex(self.code_of(bundle, "--native=always", XDG_STATE_HOME=elsewhere), r"^x86-64-v[13]$")
        self.assertIn("hello from 64 bits", self.nyx(0, "run", bundle, XDG_STATE_HOME=elsewhere).stdout)

    def test_notes_that_others_could_have_made_do_not_count(self):
        bundle = self.bundle()
        self.state().chmod(0o777)
        self.assertIn("was not built by you", self.code_of(bundle))
        self.state().chmod(0o700)
        for note in self.state().iterdir():
            note.chmod(0o666)
        self.assertIn("was not built by you", self.code_of(bundle))

    def test_changed_code_is_not_the_users(self):
        bundle = self.folder / self.bundle()
        self.change_code(bundle, lambda code: code[:-1] + bytes([code[-1] ^ 1]))
        self.assertIn("was not built by you", self.code_of(bundle.name))

    def test_code_that_cannot_be_linked(self):
        bundle = self.folder / self.bundle()
        self.change_code(bundle, lambda code: bytes(len(code)))
        self.assertIn("was not built by you", self.code_of(bundle.name))
        self.assertIn("no object that can be linked", self.nyx(3, "run", bundle.name, "--native=always").stderr)

    def change_code(self, path, change):
        """Rewrites all code of a bundle with digests that fit, as whoever hands one on can."""
        data = bytearray(path.read_bytes())
        count = int.from_bytes(data[12:16], "little")
        for entry in range(64, 64 + 80 * count, 80):
            if not data[entry:].startswith(b"code:"):
                continue
            offset, size = (int.from_bytes(data[entry + at:entry + at + 8], "little") for at in (32, 40))
            data[offset:offset + size] = change(bytes(data[offset:offset + size]))
            data[entry + 48:entry + 80] = hashlib.sha256(data[offset:offset + size]).digest()
        data[24:56] = bytes(32)
        data[24:56] = hashlib.sha256(data[:64 + 80 * count]).digest()
        path.write_bytes(data)

    def test_a_state_that_cannot_be_written_is_said(self):
        source = self.source()
        done = self.program(harness.OPTIONS.nyxc, "build", source, XDG_STATE_HOME="/proc/nowhere")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("nyx will not run the code of small.nyxb unless", done.stderr)

    def test_equal_sources_give_equal_bundles(self):
        first = (self.folder / self.bundle()).read_bytes()
        self.assertEqual((self.folder / self.bundle()).read_bytes(), first)
        # Code that is made anew is that of the cache, and so is code from a cache that was damaged.
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache")
        self.assertEqual((self.folder / self.bundle()).read_bytes(), first)
        kept, = (self.folder / "cache/nyx/code").iterdir()
        kept.write_bytes(kept.read_bytes()[:-1])
        self.assertEqual((self.folder / self.bundle()).read_bytes(), first)
        self.assertIn(b"code:x86-64-v1", first)

    def resident_kib(self, *arguments):
        command = [harness.OPTIONS.nyx, "run", self.bundle(guest="hang"), "--serial", "file:out.log", *arguments]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL) as run:
            try:
                deadline = time.monotonic() + PATIENCE_S
                while not (self.folder / "out.log").exists() or "about to hang" not in self.read("out.log"):
                    self.assertLess(time.monotonic(), deadline, "the guest does not start")
                    time.sleep(0.05)
                rollup = Path(f"/proc/{run.pid}/smaps_rollup").read_text()
            finally:
                run.kill()
                (self.folder / "out.log").unlink(missing_ok=True)
        return int(next(line for line in rollup.splitlines() if line.startswith("Rss:")).split()[1])

    def test_memory(self):
        table, native = self.resident_kib("--native=never"), self.resident_kib("--native=always")
        print(f"resident: {table} KiB by the table, {native} KiB with native code")
        self.assertLess(native - table, MEMORY_LIMIT_KIB)

    def test_status_says_it(self):
        command = [harness.OPTIONS.nyx, "run", self.bundle(guest="hang"), "--serial", "none"]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL) as run:
            try:
                deadline = time.monotonic() + PATIENCE_S
                while "small" not in self.nyx(0, "ps").stdout:
                    self.assertLess(time.monotonic(), deadline, "the machine does not appear")
                    time.sleep(0.05)
                self.assertIn("x86-64-v", self.nyx(0, "status", "small").stdout)
            finally:
                run.kill()

    def test_profile(self):
        bundle = self.bundle()
        self.nyx(0, "run", bundle, "--serial", "none", "--profile", "seen.json")
        seen = json.loads(self.read("seen.json"))
        first = seen["accesses"][0]
        self.assertEqual((first["device"], first["register"]), ("com1", "thr"))
        before = (self.folder / bundle).read_bytes()
        done = self.program(harness.OPTIONS.nyxc, "build", "small.ny", "--profile", "seen.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"1\. com1\.thr write: \d+\.\d% of \d+ accesses")
        self.assertNotEqual((self.folder / bundle).read_bytes(), before)
        self.assertRegex(self.code_of(bundle), r"^x86-64-v[13]$")
        self.assertIn("hello from 64 bits", self.nyx(0, "run", bundle).stdout)

    def test_profile_that_is_none(self):
        self.source()
        for text in ("", "{}", "[1]", '{"format": 2}', '{"format":1,"plan":"x","accesses":[]}'):
            (self.folder / "bad.json").write_text(text)
            done = self.program(harness.OPTIONS.nyxc, "build", "small.ny", "--profile", "bad.json")
            self.assertEqual(done.returncode, 3, text + done.stderr)
            self.assertIn("bad.json", done.stderr)


if __name__ == "__main__":
    harness.main()
