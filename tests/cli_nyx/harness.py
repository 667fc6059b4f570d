"""Runs nyx and nyxc for tests; each test has a folder of its own that holds the small guests."""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = None

MACHINE = """machine {name} {{
    memory = 16 MiB
    boot   = flat(image: "{guest}.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 {{ {serial} }}
    exit exit0 {{ }}
}}
"""


class NyxTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="nyx-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        # Control sockets of its own: machines of two tests may have one name.
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": tempfile.mkdtemp(dir=folder.name, prefix="run-"),
                            "XDG_STATE_HOME": tempfile.mkdtemp(dir=folder.name, prefix="state-")}
        for guest in ("hello64", "exit_code", "hang"):
            shutil.copy(OPTIONS.guests / f"{guest}.bin", self.folder)

    def program(self, path, *arguments, **variables):
        return subprocess.run([path, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=100, check=False, env={**self.environment, **variables})

    def nyx(self, status, *arguments, **variables):
        """Runs nyx, with further environment variables, and holds its exit status against `status`."""
        done = self.program(OPTIONS.nyx, *arguments, **variables)
        self.assertEqual(done.returncode, status, f"nyx {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done

    def source(self, name="small", guest="hello64", serial=""):
        (self.folder / f"{name}.ny").write_text(MACHINE.format(name=name, guest=guest, serial=serial))
        return f"{name}.ny"

    def bundle(self, name="small", guest="hello64", serial=""):
        done = self.program(OPTIONS.nyxc, "build", self.source(name, guest, serial))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return f"{name}.nyxb"

    def read(self, name):
        return (self.folder / name).read_text()


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--nyx", type=os.path.abspath, required=True)
    parser.add_argument("--nyxc", type=os.path.abspath, required=True)
    parser.add_argument("--guests", type=Path, required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
