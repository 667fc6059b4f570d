"""nyxc fmt: files, standard input, --check, and what it must not touch."""
import os
import stat
import subprocess

import harness

UGLY = "machine web{memory=1 GiB;\n\n\n  cpus=2 # two\n}\n"
FINE = "machine web {\n    memory = 1 GiB\n\n    cpus = 2  # two\n}\n"
BROKEN = "machine web { memory = = 3 }\n"


class Format(harness.NyxcTest):
    def read(self, name):
        return (self.folder / name).read_text()

    def test_files_are_formatted_in_place_and_named(self):
        self.write("ugly.ny", UGLY)
        self.write("fine.ny", FINE)
        os.chmod(self.folder / "ugly.ny", 0o640)
        done = self.expect(0, "fmt", "ugly.ny", "fine.ny")
        self.assertEqual(done.stdout, "formatted ugly.ny\n")
        self.assertEqual((self.read("ugly.ny"), self.read("fine.ny")), (FINE, FINE))
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "ugly.ny").st_mode), 0o640)
        self.assertEqual(self.expect(0, "fmt", "ugly.ny").stdout, "")
        self.assertEqual([name for name in os.listdir(self.folder) if ".ny." in name], [])

    def test_check_names_files_and_changes_none(self):
        self.write("ugly.ny", UGLY)
        self.write("fine.ny", FINE)
        done = self.expect(1, "fmt", "--check", "fine.ny", "ugly.ny")
        self.assertEqual(done.stdout, "ugly.ny\n")
        self.assertEqual(self.read("ugly.ny"), UGLY)
        self.expect(0, "fmt", "--check", "fine.ny")

    def test_standard_input(self):
        self.assertEqual(self.expect(0, "fmt", "-", input=UGLY).stdout, FINE)
        self.assertEqual(self.expect(1, "fmt", "--check", "-", input=UGLY).stdout, "<stdin>\n")
        self.assertEqual(self.expect(1, "fmt", "-", input=BROKEN).stdout, "")

    def test_mistakes_are_shown_and_the_file_stays(self):
        self.write("broken.ny", BROKEN)
        self.write("ugly.ny", UGLY)
        done = self.expect(1, "fmt", "broken.ny", "ugly.ny")
        self.assertIn("error[NY0101]", done.stderr)
        self.assertEqual(self.read("broken.ny"), BROKEN)
        self.assertEqual((done.stdout, self.read("ugly.ny")), ("formatted ugly.ny\n", FINE))

    def test_a_link_stays_a_link(self):
        self.write("ugly.ny", UGLY)
        os.symlink("ugly.ny", self.folder / "link.ny")
        self.expect(0, "fmt", "link.ny")
        self.assertTrue(os.path.islink(self.folder / "link.ny"))
        self.assertEqual(self.read("ugly.ny"), FINE)

    def test_the_environment(self):
        self.assertIn("none.ny", self.expect(3, "fmt", "none.ny").stderr)
        if os.path.exists("/dev/full"):
            full = subprocess.run(f"{harness.NYXC} fmt - > /dev/full", shell=True, input=UGLY, capture_output=True, text=True)
            self.assertEqual(full.returncode, 3, full.stderr)


if __name__ == "__main__":
    harness.main()
