"""nyxc check --fix: what it applies, what it leaves, and the files that it must not harm."""
import json
import os
import stat

import harness

SLIPS = "machine web {\n    memory: 64 MiB,\n    boot: pvh(image: \"probe.elf\"),\n}\n"
MENDED = "machine web {\n    memory = 64 MiB\n    boot = pvh(image: \"probe.elf\")\n}\n"
MAYBE = "machine web {\n    memroy = 64 MiB\n    boot   = pvh(image: \"probe.elf\")\n}\n"


class Fix(harness.NyxcTest):
    def read(self, name):
        return (self.folder / name).read_bytes().decode()

    def test_certain_fixes_are_written_and_the_file_is_named(self):
        self.write("slips.ny", SLIPS)
        os.chmod(self.folder / "slips.ny", 0o640)
        done = self.expect(0, "check", "--fix", "slips.ny")
        self.assertEqual(done.stdout, "fixed slips.ny: 2 fixes\n")
        self.assertEqual(self.read("slips.ny"), MENDED)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "slips.ny").st_mode), 0o640)
        self.assertEqual(self.expect(0, "check", "--fix", "slips.ny").stdout, "")

    def test_what_may_be_wrong_is_left_and_reported(self):
        self.write("maybe.ny", MAYBE)
        done = self.expect(1, "check", "--fix", "maybe.ny")
        self.assertEqual((done.stdout, self.read("maybe.ny")), ("", MAYBE))
        self.assertIn("= fix: replace by `memory` (maybe-incorrect)", done.stderr)

    def test_a_fix_may_bring_the_next(self):
        self.write("rounds.ny", SLIPS.replace("64 MiB", "64M").replace("web", '"web"'))
        self.expect(0, "check", "--fix", "rounds.ny")
        self.assertEqual(self.read("rounds.ny"), MENDED)

    def test_what_is_left_is_reported_about_the_new_text(self):
        self.write("two.ny", SLIPS.replace("64 MiB", "64 ms"))
        done = self.expect(1, "check", "--fix", "--format=json", "two.ny")
        self.assertEqual([json.loads(line)["code"] for line in done.stdout.splitlines()], ["NY0503"])
        self.assertEqual(done.stderr, "fixed two.ny: 2 fixes\n")

    def test_a_dry_run_shows_a_diff_and_changes_nothing(self):
        self.write("slips.ny", SLIPS)
        done = self.expect(0, "check", "--fix", "--dry-run", "slips.ny")
        self.assertEqual(done.stdout, "--- slips.ny\n+++ slips.ny\n@@ -1,4 +1,4 @@\n machine web {\n-    memory: 64 MiB,\n"
                         "-    boot: pvh(image: \"probe.elf\"),\n+    memory = 64 MiB\n+    boot = pvh(image: \"probe.elf\")\n }\n")
        self.assertEqual(self.read("slips.ny"), SLIPS)
        self.expect(2, "check", "--dry-run", "slips.ny")

    def test_the_text_around_a_fix_stays_byte_for_byte(self):
        for name, text in {"crlf.ny": SLIPS.replace("\n", "\r\n"), "bom.ny": "\ufeff" + SLIPS, "open.ny": SLIPS.rstrip("\n")}.items():
            with self.subTest(name):
                self.write(name, text.encode())
                self.expect(0, "check", "--fix", name)
                expected = text.replace(SLIPS.rstrip("\n"), MENDED.rstrip("\n"))
                expected = MENDED.replace("\n", "\r\n") if name == "crlf.ny" else expected
                self.assertEqual(self.read(name), expected)

    def test_a_fix_of_lines_has_the_ends_of_the_file(self):
        self.write("crlf.ny", b"machine web {\r\n    cpus = 2 boot = pvh(image: \"probe.elf\")\r\n}\r\n")
        self.expect(0, "check", "--fix", "crlf.ny")
        self.assertEqual(self.read("crlf.ny"), "machine web {\r\n    cpus = 2\r\n    boot = pvh(image: \"probe.elf\")\r\n}\r\n")

    def test_a_formatted_file_stays_formatted(self):
        self.write("fine.ny", "machine web {\n    cpus = \"2\"\n    boot = pvh(image: \"probe.elf\")\n}\n")
        self.expect(0, "check", "--fix", "fine.ny")
        self.expect(0, "fmt", "--check", "fine.ny")

    def test_a_link_stays_one(self):
        self.write("slips.ny", SLIPS)
        os.symlink("slips.ny", self.folder / "link.ny")
        self.expect(0, "check", "--fix", "link.ny")
        self.assertTrue(os.path.islink(self.folder / "link.ny"))
        self.assertEqual(self.read("slips.ny"), MENDED)

    def test_what_cannot_be_written_is_refused(self):
        self.write("slips.ny", SLIPS)
        os.chmod(self.folder / "slips.ny", 0o444)
        self.assertIn("slips.ny is read-only", self.expect(3, "check", "--fix", "slips.ny").stderr)
        self.assertEqual(self.read("slips.ny"), SLIPS)
        self.assertIn("name a file", self.expect(2, "check", "--fix", "-").stderr)
        self.assertIn("none.ny", self.expect(3, "check", "--fix", "none.ny").stderr)

    def test_files_of_an_import_are_left(self):
        self.write("lib.ny", "def area(w, h) {\n    return w * h\n}\n")
        self.write("main.ny", "import \"lib\"\nprint(lib.area(1, 2))\n")
        self.expect(1, "check", "--fix", "main.ny")
        self.assertIn("def area", self.read("lib.ny"))

    def test_all_files_are_fixed_whatever_is_wrong_with_one(self):
        self.write("slips.ny", SLIPS)
        done = self.expect(3, "check", "--fix", "none.ny", "slips.ny")
        self.assertEqual(done.stdout, "fixed slips.ny: 2 fixes\n")

    def test_bytes_that_are_no_text_are_no_harm(self):
        for text in (b"", b"\xff\xfe", b"\0" * 100, b"machine \"\xff\" {", b"\r\r\n`", b"// x"):
            with self.subTest(text):
                self.write("odd.ny", text)
                self.assertIn(self.nyxc("check", "--fix", "odd.ny").returncode, (0, 1))


if __name__ == "__main__":
    harness.main()
