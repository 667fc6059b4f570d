#!/usr/bin/env python3
"""nyx doctor and nyx facts, on any host: what they say, how they end, and that they agree."""
import json
import os
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

    def test_wrong_usage_is_status_2(self):
        for words in ([], ["nonsense"], ["doctor", "--format=yaml"], ["run", "--timeout", "0"], ["run", "--timeout", "soon"], ["facts", "extra"]):
            with self.subTest(words=words):
                done = self.nyx(2, *words)
                self.assertEqual(done.stdout, "")
                self.assertIn("--help", done.stderr)

    def test_help_has_an_example(self):
        for command in ("run", "boot", "doctor", "facts"):
            self.assertIn(f"nyx {command}", self.nyx(0, command, "--help").stdout)


if __name__ == "__main__":
    harness.main()
