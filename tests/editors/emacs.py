#!/usr/bin/env python3
"""Emacs, in batch, with editors/emacs/nyx-mode.el, and eglot with `nyxc lsp`.

usage: emacs.py SOURCE_DIR NYXC
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import samples


def main():
    source, nyxc = Path(sys.argv[1]).resolve(), str(Path(sys.argv[2]).resolve())
    emacs = shutil.which("emacs")
    eglot = emacs and subprocess.run([emacs, "--batch", "--eval", "(require 'eglot)"], capture_output=True).returncode == 0
    if not eglot:
        print("SKIPPED: no Emacs with eglot; scripts/install-deps installs them")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        samples.write_all(Path(folder))
        arguments = ["-L", str(source / "editors/emacs"), "--eval", f'(setq nyx-compiler "{nyxc}")', "-l", str(source / "tests/editors/nyx-mode-test.el"),
                     "-f", "ert-run-tests-batch-and-exit"]
        return subprocess.run([emacs, "--batch", *arguments], cwd=folder, env={**os.environ, "HOME": folder, "LC_ALL": "C.UTF-8"}, timeout=300,
                              stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
