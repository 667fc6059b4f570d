"""What the benches of this folder share: the programs, QEMU's TCG on one thread, and the line that says where numbers come from."""
import datetime
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
NYX = ROOT / "build/release/bin/nyx"
TCG = ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-nodefaults", "-no-user-config", "-display", "none"]


def build(folder: pathlib.Path, name: str, text: str) -> None:
    """The machine's bundle, NAME.nyxb in this folder."""
    (folder / f"{name}.ny").write_text(text)
    subprocess.run([NYX.with_name("nyxc"), "build", f"{name}.ny"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def headline(what: str) -> str:
    version = subprocess.run([TCG[0], "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return f"{datetime.datetime.now():%Y-%m-%d %H:%M}  {version}  {os.cpu_count()} CPUs  load {os.getloadavg()[0]:.1f}  {what}"
