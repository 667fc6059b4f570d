#!/usr/bin/env python3
"""The example of devices that are classes, as its README has a user run it: typed bytes, the inspector, the watchdog's end.

usage: run_script_device.py --nyxc NYXC --nyx NYX --guests FOLDER --accel kvm|soft
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent.parent / "examples/05_script_device/machine.ny"
SKIPPED = 77
BITTEN = 9  # the watchdog's status


class Run:
    """A run of the example with its terminal on pipes."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.env = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
        self.output = folder / "stdout"
        with open(self.output, "wb") as out, open(folder / "stderr", "wb") as err:
            self.process = subprocess.Popen([options.nyx, "run", "--name", "echo", "machine.nyxb", "--accel", options.accel], cwd=folder,
                                            stdin=subprocess.PIPE, stdout=out, stderr=err, env=self.env)

    def type(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def wait_for(self, text):
        deadline = time.monotonic() + 60
        while text not in self.output.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"no {text!r} in {self.output.read_text(errors='replace')!r}; {(self.folder / 'stderr').read_text()}")
            time.sleep(0.02)

    def inspect(self, *arguments):
        done = subprocess.run([self.options.nyx, "inspect", "echo", *arguments], env=self.env, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    def status(self):
        return self.process.wait(timeout=60)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def check_inspector(run):
    text = run.inspect()
    for pattern in (r"tty \(line\), pio 0x2e0 size 2, gsi 5 low", r"state waiting +#\d+ +\[\]\n", r"state irq_lines +#\d+ +\{5: false\}\n",
                    r"dog \(watchdog\), pio 0x2e8 size 1", r'state timers +#\d+ +\{"patience": \d+\}\n', r"state unit +#\d+ +100\n"):
        assert re.search(pattern, text), f"{pattern} is not in\n{text}"
    dog = json.loads(run.inspect("dog", "--format=json"))[0]
    left = next(field["text"] for field in dog["state"] if field["name"] == "timers")
    assert 0 < int(left.split(": ")[1].rstrip("}")) <= 3_000_000_000, left


def check(options, folder):
    shutil.copy(EXAMPLE, folder)
    shutil.copy(options.guests / "echo.bin", folder)
    built = subprocess.run([options.nyxc, "build", "machine.ny"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert built.returncode == 0 and not built.stderr, built.stderr
    assert not (folder / "machine.devices.lock").exists(), "classes have no ids to lock"
    run = Run(options, folder)
    try:
        run.wait_for("to leave\n")
        run.type(b"Hello, class\n")
        run.wait_for("HELLO, CLASS\n")
        check_inspector(run)
        run.type(b"xq")
        assert run.status() == BITTEN, f"status {run.status()}: {(folder / 'stderr').read_text()}"
        assert run.output.read_text().endswith("X"), run.output.read_text()
    finally:
        run.close()


def main():
    parser = argparse.ArgumentParser()
    for name in ("--nyxc", "--nyx", "--accel"):
        parser.add_argument(name, required=True)
    parser.add_argument("--guests", required=True, type=pathlib.Path)
    options = parser.parse_args()
    if options.accel == "kvm" and not os.access("/dev/kvm", os.R_OK | os.W_OK):
        print("SKIPPED: there is no /dev/kvm")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="nyx-class-") as folder:
        check(options, pathlib.Path(folder))
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
