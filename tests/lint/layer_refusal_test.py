#!/usr/bin/env python3
"""The build refuses what it must refuse: an upward dependency at configure time, a forbidden include in the lint.

usage: layer_refusal_test.py SOURCE_DIR CMAKE
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def configure_upward(root, cmake, folder):
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(t NONE)\n"
        f'include("{root}/cmake/NyxLibrary.cmake")\n'
        "nyx_library(low LAYER 1)\nnyx_library(high LAYER 2 DEPS low)\nnyx_library(wrong LAYER 1 DEPS high)\n")
    return subprocess.run([cmake, "-S", folder, "-B", folder / "b"], capture_output=True, text=True)


def lint_bad_include(root, folder):
    (folder / "runtime/base").mkdir(parents=True)
    (folder / "runtime/base/bad.cc").write_text('#include "compiler/source/source_map.h"\n#include <linux/kvm.h>\n')
    layers = folder / "layers.json"
    layers.write_text(json.dumps({"nyx_base": {"layer": 0, "folder": "runtime/base", "deps": []}}))
    return subprocess.run([sys.executable, root / "tests/lint/check_includes.py", folder, layers], capture_output=True, text=True)


def main():
    root, cmake = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        upward = configure_upward(root, cmake, Path(one))
        assert upward.returncode != 0 and "may not depend on high" in upward.stderr, upward.stderr
        bad = lint_bad_include(root, Path(two))
        assert bad.returncode == 1 and bad.stdout.count("bad.cc:") == 2, bad.stdout
    print("upward dependencies and forbidden includes are refused")


if __name__ == "__main__":
    main()
