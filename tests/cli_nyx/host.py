#!/usr/bin/env python3
"""nyx doctor and nyx facts, on any host: what they say, how they end, and that they agree."""
import json
import os
import pty
import shutil
import subprocess
import unittest

import harness


class Host(harness.NyxTest):
    def test_facts_are_json_with_sorted_keys(self):
        text = self.nyx(0, "facts").stdout
        facts = json.loads(text)
        self.assertEqual(text, json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        self.assertEqual(facts["kvm"]["available"], os.access("/dev/kvm", os.R_OK | os.W_OK))

    def test_doctor_agrees_with_its_status(self):
        done = self.program(harness.OPTIONS.nyx, "doctor", "--format=json")
        verdict = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if verdict["can_run"] else 3)
        text = self.nyx(done.returncode, "doctor").stdout
        self.assertIn("KVM", text)
        if not verdict["can_run"]:
            self.assertIn("fix:", text)

    def preferring(self, preferences):
        source = self.source()
        text = self.read(source)
        (self.folder / source).write_text(text[:text.rindex("}")] + preferences + "\n}\n")
        done = self.program(harness.OPTIONS.nyxc, "build", source)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return source.replace(".ny", ".nyxb")

    def test_doctor_says_what_runs_a_machine_and_why(self):
        def runs(bundle):
            found = json.loads(self.program(harness.OPTIONS.nyx, "doctor", bundle, "--format=json").stdout)["findings"][-1]
            self.assertIn("machine small runs on", found["what"])
            return found
        facts = json.loads(self.nyx(0, "facts").stdout)["kvm"]
        has_hardware = facts["available"] and facts["host_kind"] != "kvm_pvm"
        self.assertIn("`kvm`" if has_hardware else "`soft`", runs(self.bundle())["what"])
        self.assertIn("on `soft` here: the machine prefers it", runs(self.preferring("accelerator = soft"))["what"])
        found = runs(self.preferring("accelerator = kvm; irqchip = user"))
        self.assertEqual(found["level"], "ok" if has_hardware else "note")
        self.assertIn("`kvm`" if facts["available"] else "`soft`", found["what"])
        self.assertIn("nothing.nyxb", self.nyx(3, "doctor", "nothing.nyxb").stderr)

    def test_an_installation_without_the_compiler_of_hot_code_says_so_to_a_person(self):
        (self.folder / "bin").mkdir()
        nyx = shutil.copy(harness.OPTIONS.nyx, self.folder / "bin" / "nyx")
        self.assertIn("only interprets guest code", self.program(nyx, "doctor").stdout)
        bundle = self.bundle()

        def on_a_terminal(*arguments):
            person, stderr = pty.openpty()
            done = subprocess.run([nyx, "run", bundle, "--accel", "soft", *arguments], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=stderr, timeout=100, check=False)
            os.write(stderr, b".")  # so that there is something to read
            said = os.read(person, 4096).decode()
            os.close(stderr)
            os.close(person)
            self.assertEqual(done.returncode, 0, said)
            return said
        self.assertIn("nyx: note: the guest runs slower than it could", on_a_terminal())
        self.assertIn("nyx: warning: hot guest code is not compiled", on_a_terminal("--soft-tier", "llvm"))
        self.assertEqual(on_a_terminal("--soft-tier", "interpreter"), ".")
        self.assertEqual(self.program(nyx, "run", bundle, "--accel", "soft").stderr, "")

    def test_a_preference_is_obeyed_unless_the_command_line_says_otherwise(self):
        bundle = self.preferring("accelerator = soft")
        counters = self.nyx(0, "run", bundle, "--exit-stats").stderr
        self.assertIn("instructions", counters)
        self.assertNotIn("warning", counters)
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            self.nyx(3, "run", bundle, "--accel", "kvm")
            self.assertIn("warning: the machine prefers kvm", self.nyx(0, "run", self.preferring("accelerator = kvm")).stderr)
            return
        self.assertNotIn("counters: instructions", self.nyx(0, "run", bundle, "--accel", "kvm", "--exit-stats").stderr)
        for arguments in ([], ["--irqchip", "kernel"], ["--irqchip", "user"]):
            self.assertIn("hello from 64 bits", self.nyx(0, "run", self.preferring("accelerator = kvm; irqchip = user"), *arguments).stdout)
        self.assertIn("warning: `--irqchip kernel` is for kvm", self.nyx(0, "run", self.preferring("accelerator = soft"), "--irqchip", "kernel").stderr)

    def test_wrong_usage_is_status_2(self):
        for words in ([], ["nonsense"], ["doctor", "--format=yaml"], ["run", "--irqchip", "split"], ["run", "--timeout", "0"], ["run", "--timeout", "soon"], ["facts", "extra"]):
            with self.subTest(words=words):
                done = self.nyx(2, *words)
                self.assertEqual(done.stdout, "")
                self.assertIn("--help", done.stderr)

    def test_help_has_an_example(self):
        for command in ("run", "boot", "doctor", "facts"):
            self.assertIn(f"nyx {command}", self.nyx(0, command, "--help").stdout)


if __name__ == "__main__":
    harness.main()
