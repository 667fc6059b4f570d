"""Help, version, and the exit statuses of docs/cli.md."""
import os
import re
from pathlib import Path

import harness

ROOT = Path(__file__).resolve().parent.parent.parent


class Arguments(harness.NyxcTest):
    def test_version_comes_from_one_place(self):
        self.assertEqual(self.expect(0, "--version").stdout.strip(), "nyxc " + (ROOT / "VERSION").read_text().strip())

    def test_every_command_has_usage_and_an_example(self):
        commands = [name.replace("_", "-") for name in re.findall(r"^NYX_COMMAND\((\w+),", (ROOT / "compiler/driver/commands.def").read_text(), re.M)]
        self.assertIn("check", commands)
        overview = self.expect(0, "--help").stdout
        for command in commands:
            self.assertRegex(overview, rf"\n  {command} ")
            text = self.expect(0, command, "--help").stdout
            self.assertIn(f"nyxc {command} ", text.split("Example:")[1])
            self.assertRegex(text, r"[Uu]sage: ")

    def test_wrong_usage_is_2_and_says_where_help_is(self):
        for arguments in ([], ["bake"], ["check"], ["check", "--format=xml", "a.ny"], ["check", "--no-such"], ["emit", "smoke", "a.ny"], ["explain"], ["explain", "NY9999"]):
            done = self.expect(2, *arguments)
            self.assertEqual(done.stdout, "")
            self.assertTrue(done.stderr.startswith("nyxc"), done.stderr)

    def test_a_missing_file_is_3_and_the_others_are_still_looked_at(self):
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        done = self.expect(3, "check", "--syntax-only", "none.ny", "bad.ny")
        self.assertIn("none.ny: No such file", done.stderr)
        self.assertIn("error[NY0101]", done.stderr)
        self.expect(2, "check", "--syntax-only", ".")

    def test_mistakes_are_1_and_none_is_0(self):
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        self.write("good.ny", "x = 1\n")
        self.assertIn("1 error", self.expect(1, "check", "--syntax-only", "bad.ny").stderr)
        done = self.expect(0, "check", "--syntax-only", "good.ny")
        self.assertEqual(done.stdout + done.stderr, "")

    def test_color(self):
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        self.assertIn("\033[", self.expect(1, "check", "--syntax-only", "--color=always", "bad.ny").stderr)
        self.assertNotIn("\033[", self.expect(1, "check", "--syntax-only", "bad.ny").stderr)

    def test_a_full_disk_is_3(self):
        self.write("good.ny", "x = 1\n")
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        done = harness.subprocess.run(f"{harness.NYXC} emit ast good.ny > /dev/full", shell=True, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 3, done.stderr)


if __name__ == "__main__":
    harness.main()
