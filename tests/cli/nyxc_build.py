"""nyxc build: the same bytes from the same source, the lock file, the exit statuses; and the stages of nyxc emit."""
import hashlib
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

import harness
import images

ROOT = Path(__file__).resolve().parent.parent.parent
HELLO = (ROOT / "examples/01_hello/machine.ny").read_text(encoding="utf-8")


class Build(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("machine.ny", HELLO)

    def digest(self, path):
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()

    def test_two_folders_and_two_times_give_the_same_bytes(self):
        other = self.folder / "elsewhere" / "deeper"
        other.mkdir(parents=True)
        images.write_all(other)
        shutil.copy(self.folder / "machine.ny", other)
        for file in other.iterdir():
            os.utime(file, (1_000_000_000, 1_000_000_000))
        for arguments in ([], ["--images=reference"]):
            self.expect(0, "build", "machine.ny", *arguments)
            self.expect(0, "build", "machine.ny", *arguments, folder=other)
            self.expect(0, "build", str(other / "machine.ny"), "-o", "absolute.nyxb", *arguments)
            self.assertEqual(self.digest(self.folder / "machine.nyxb"), self.digest(other / "machine.nyxb"))
            self.assertEqual(self.digest(self.folder / "machine.nyxb"), self.digest(self.folder / "absolute.nyxb"))
            self.assertEqual(self.digest(self.folder / "machine.lock"), self.digest(other / "machine.lock"))

    def test_a_change_changes_the_bundle(self):
        self.expect(0, "build", "machine.ny")
        before = self.digest(self.folder / "machine.nyxb")
        self.write("machine.ny", HELLO.replace("64 MiB", "65 MiB"))
        self.expect(0, "build", "machine.ny")
        self.assertNotEqual(before, self.digest(self.folder / "machine.nyxb"))

    def test_a_preference_changes_the_bundle_and_not_the_machine(self):
        """In both forms, as a name and as a text."""
        plans, bundles = set(), set()
        classic = "import vm_production\nlet vm = ProductionVMBuilder().name(\"hello\").memory(64 MiB).cpus(2).pvh(\"probe.elf\").serial(\"com1\")"
        own = HELLO[:HELLO.rindex("}")]
        for text in (HELLO, own + "accelerator = soft\nirqchip = user\n}\n", own + "accelerator = \"soft\"\nirqchip = \"user\"\n}\n"):
            self.write("machine.ny", text)
            self.expect(0, "build", "machine.ny")
            plans.add(json.loads((self.folder / "machine.lock").read_text())["machines"]["hello"]["plan"])
            bundles.add(self.digest(self.folder / "machine.nyxb"))
        self.assertEqual(len(plans), 1)
        self.assertEqual(len(bundles), 2)
        self.assertIn(b'{"accelerator":"soft","irqchip":"user"}', (self.folder / "machine.nyxb").read_bytes())
        for form, has in ((".accelerator(\"soft\").irqchip(\"user\")", True), ("", False)):
            self.write("classic.ny", f"{classic}{form}.build()\nvm.run()\n")
            self.expect(0, "build", "classic.ny")
            self.assertEqual(b'{"accelerator":"soft","irqchip":"user"}' in (self.folder / "classic.nyxb").read_bytes(), has)

    def test_locked(self):
        self.assertIn("lock file", self.expect(3, "build", "--locked", "machine.ny").stderr)
        self.expect(0, "build", "machine.ny")
        lock = (self.folder / "machine.lock").read_bytes()
        self.expect(0, "build", "--locked", "machine.ny")
        bundle = self.digest(self.folder / "machine.nyxb")
        self.write("probe.elf", images.pvh_elf(code=b"\x90" * 64))
        done = self.expect(1, "build", "--locked", "machine.ny")
        self.assertIn("error[NY0610]: probe.elf ", done.stderr)
        self.assertEqual(self.digest(self.folder / "machine.nyxb"), bundle, "nothing is written")
        self.assertEqual((self.folder / "machine.lock").read_bytes(), lock)
        self.expect(0, "build", "machine.ny")
        self.assertNotEqual((self.folder / "machine.lock").read_bytes(), lock)
        self.expect(0, "build", "--locked", "machine.ny")

    def test_exit_statuses(self):
        self.write("wrong.ny", HELLO.replace("cpus   = 2", "cpus   = two"))
        self.write("nothing.ny", "let x = 1\n")
        self.write("both.ny", HELLO + HELLO.split('"""', 2)[2].replace("machine hello", "machine other"))
        self.expect(0, "build", "machine.ny")
        self.expect(1, "build", "wrong.ny")
        self.assertFalse((self.folder / "wrong.nyxb").exists())
        self.expect(2, "build", "nothing.ny")
        self.assertIn("hello, other", self.expect(2, "build", "both.ny", "-o", "one.nyxb").stderr)
        self.expect(0, "build", "both.ny")
        self.expect(0, "build", "--machine=other", "both.ny")
        self.expect(2, "build", "--machine=third", "both.ny")
        self.expect(2, "build", "--no-such", "machine.ny")
        self.expect(3, "build", "none.ny")
        self.expect(3, "build", "machine.ny", "-o", "no/such/folder/out.nyxb")
        self.expect(3, "build", "machine.ny", "-o", "folder")

    def test_stages_of_hello(self):
        for stage in ("ast", "model", "plan"):
            self.assertIn("hello", json.dumps(json.loads(self.expect(0, "emit", stage, "machine.ny").stdout)), stage)
        for stage, word in (("memory-map", "RAM"), ("wiring", "com1"), ("ir", "define"), ("asm", r"nyx_\d+_pio_read:")):
            self.assertRegex(self.expect(0, "emit", stage, "machine.ny").stdout, word, stage)
            self.assertEqual(self.expect(0, "emit", stage, "machine.ny").stdout, self.expect(0, "emit", stage, "machine.ny").stdout)
        self.expect(2, "emit", "acpi", "machine.ny")

    @unittest.skipUnless(shutil.which("iasl"), "iasl (acpica-tools) is not installed")
    def test_acpi_tables_survive_iasl(self):
        self.expect(0, "emit", "acpi", "machine.ny", "-o", "tables")
        tables = sorted((self.folder / "tables").glob("*.aml"))
        self.assertTrue({"APIC", "DSDT", "FACP"} <= {table.stem for table in tables}, tables)
        for table in tables:
            subprocess.run(["iasl", "-d", table.name], cwd=table.parent, check=True, capture_output=True)
            again = subprocess.run(["iasl", "-p", "again", table.stem + ".dsl"], cwd=table.parent, capture_output=True, text=True)
            text = again.stdout + again.stderr
            self.assertEqual(again.returncode, 0, table.name + text)
            self.assertRegex(text, r"0 Errors, 0 Warnings" if "Errors" in text else r"Table Image|Binary Output|Compilation", table.name)
            self.assertNotRegex(text, r"\bWarning +\d|\bError +\d", table.name + text)


if __name__ == "__main__":
    harness.main()
