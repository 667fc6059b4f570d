"""Every device of the library that is described in Nyx, under some operations of chance: devices.py NYXC DEVICE_RANDOM."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

NYXC, TARGET = sys.argv[1:3]
STDLIB = Path(__file__).resolve().parents[2] / "stdlib"
INPUTS = os.environ.get("NYX_FUZZ_INPUTS", "40")


def main():
    done = 0
    with tempfile.TemporaryDirectory() as folder:
        programs = Path(folder, "programs.json")
        for file in sorted([*STDLIB.glob("devices/*.ny"), *STDLIB.glob("models/*.ny")]):
            emitted = subprocess.run([NYXC, "emit", "devices", str(file)], capture_output=True)
            if emitted.returncode != 0:
                continue  # a class, or a schema of others
            programs.write_bytes(emitted.stdout)
            print(file.stem, flush=True)
            subprocess.run([TARGET, INPUTS], check=True, env={**os.environ, "NYX_FUZZ_PROGRAMS": str(programs)})
            done += 1
    if done < 15:
        sys.exit(f"only {done} devices are described in Nyx")


main()
