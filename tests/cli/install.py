"""cmake --install into an empty folder: the programs work from there, and the pages are whole.

usage: install.py CMAKE BUILD_DIR
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CMAKE, BUILD = sys.argv[1], sys.argv[2]
ROOT = Path(__file__).resolve().parent.parent.parent


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="nyx-install-"))
        cls.prefix = cls.folder / "prefix"
        subprocess.run([CMAKE, "--install", BUILD, "--prefix", str(cls.prefix)], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_installed(self, program, *arguments):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder)}
        return subprocess.run([self.prefix / "bin" / program, *arguments], cwd=self.folder, env=environment, text=True,
                              capture_output=True)

    def test_the_compiler_finds_its_library_beside_it(self):
        (self.folder / "kernel.bin").write_bytes(b"\xf4" * 16)
        (self.folder / "machine.ny").write_text(
            'machine tiny {\n    cpus = 1\n    memory = 16 MiB\n    boot = flat(image: "kernel.bin", load: 0x1000, entry: 0x1000)\n}\n')
        done = self.run_installed("nyxc", "build", "machine.ny")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "machine.nyxb").exists())

    def test_every_page_is_there_and_names_every_command(self):
        for program, commands in (("nyx", "runtime/cli/commands.def"), ("nyxc", "compiler/driver/commands.def")):
            names = [line.split("(")[1].split(",")[0].replace("_", "-") for line in (ROOT / commands).read_text().splitlines() if line.startswith("NYX_COMMAND(")]
            self.assertTrue(names)
            share = self.prefix / "share"
            for page in (f"man/man1/{program}.1", f"bash-completion/completions/{program}", f"zsh/site-functions/_{program}", f"fish/vendor_completions.d/{program}.fish"):
                text = (share / page).read_text().replace("\\-", "-")  # troff writes a hyphen so
                for name in names:
                    self.assertIn(name, text, page)
        self.assertEqual(subprocess.run(["bash", "-n", share / "bash-completion/completions/nyx"]).returncode, 0)

    def test_bash_completes_commands_and_their_options(self):
        script = (f"source {self.prefix}/share/bash-completion/completions/nyx\n"
                  "COMP_WORDS=(nyx run --exit); COMP_CWORD=2; _nyx; echo ${COMPREPLY[@]}\n"
                  "COMP_WORDS=(nyx do); COMP_CWORD=1; _nyx; echo ${COMPREPLY[@]}\n")
        done = subprocess.run(["bash", "-c", script], text=True, capture_output=True)
        self.assertEqual(done.stdout.splitlines(), ["--exit-stats", "doctor"], done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
