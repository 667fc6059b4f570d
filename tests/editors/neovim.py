#!/usr/bin/env python3
"""Neovim, headless, with the set-up of editors/neovim and `nyxc lsp`.

usage: neovim.py SOURCE_DIR NYXC
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
    nvim = shutil.which("nvim")
    if not nvim:
        print("SKIPPED: no nvim; scripts/install-deps installs it")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        samples.write_all(Path(folder))
        environment = {**os.environ, "NYX_TEST_NYXC": nyxc, "XDG_STATE_HOME": folder, "XDG_DATA_HOME": folder, "XDG_CACHE_HOME": folder,
                       "XDG_CONFIG_HOME": folder}
        script = source / "tests/editors/neovim.lua"
        done = subprocess.run([nvim, "--headless", "--clean", "--cmd", f"set runtimepath^={source}/editors/neovim", "-c", "filetype plugin indent on",
                               "-c", "syntax on", "-c", f"luafile {script}"], cwd=folder, env=environment, timeout=300, stdin=subprocess.DEVNULL)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
