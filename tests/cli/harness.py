"""Runs nyxc for tests; each test has a folder of its own with the images of images.py."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import images

NYXC = str(Path(sys.argv.pop(1)).resolve()) if len(sys.argv) > 1 else "nyxc"


class NyxcTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        images.write_all(self.folder)
        state = tempfile.TemporaryDirectory()
        self.addCleanup(state.cleanup)
        self.state = state.name  # not that of whoever runs the tests

    def write(self, name, content):
        mode = "wb" if isinstance(content, bytes) else "w"
        with open(self.folder / name, mode) as file:
            file.write(content)
        return name

    def nyxc(self, *arguments, folder=None, timeout=60, **options):
        options["env"] = {**(options.get("env") or os.environ), "XDG_STATE_HOME": self.state}
        return subprocess.run([NYXC, *arguments], cwd=folder or self.folder, capture_output=True, text=True, errors="replace",
                              timeout=timeout, **options)

    def expect(self, status, *arguments, **options):
        done = self.nyxc(*arguments, **options)
        self.assertEqual(done.returncode, status, f"nyxc {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done


def main():
    unittest.main(verbosity=1)
