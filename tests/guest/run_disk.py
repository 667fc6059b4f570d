#!/usr/bin/env python3
"""Boots the Debian of examples/03_disk_and_net from its disk to a login, twice: the disk, the network both ways, and what survives.

usage: run_disk.py --nyxc NYXC --nyx NYX [--accel kvm|soft] [--bus mmio|pci] [--limit SECONDS]
A server of this script is the host's end. The guest's output goes to stdout. Exit status 77: scripts/build-disk cannot build the disk here, or no KVM
with hardware behind it for --accel kvm.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

from run_linux import COMPLAINTS, ROOT, SKIPPED, Failure, Guest, say

EXAMPLE = ROOT / "examples" / "03_disk_and_net" / "machine.ny"
PROMPT = r"root@nyx:~# $"
HARMLESS = ("PCI: Fatal: No config space access function found",)


class Server(threading.Thread):
    """Says one line over HTTP to whoever asks."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            peer, _ = self.listener.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 17\r\n\r\nhello from host!\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def build(nyxc: str, folder: pathlib.Path, port: int, bus: str):
    done = subprocess.run([ROOT / "scripts" / "build-disk", "--into", folder], capture_output=True, text=True, check=False)
    if done.returncode == SKIPPED:
        say(f"SKIPPED: {done.stderr.strip()}")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        raise Failure(f"scripts/build-disk: status {done.returncode}\n{done.stderr}")
    text = EXAMPLE.read_text().replace("tcp(8080, 80)", f"tcp({port}, 80)")
    if bus == "pci":
        text = text.replace("serial com1 { }", "serial com1 { }\n    pci pci { }")
        text = re.sub(r"^( +)(disk|net|rng) ", r"\1pci_\2 ", text, flags=re.MULTILINE)
    (folder / "machine.ny").write_text(text)
    made = subprocess.run([nyxc, "build", "machine.ny"], cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Failure(f"nyxc build: status {made.returncode}\n{made.stdout}{made.stderr}")


def log_in(guest: Guest):
    guest.wait_for(r"^nyx login:")
    guest.type("root")
    guest.wait_for(PROMPT)
    start = len(guest.text)
    # Lines begin with what was printed, and the kernel does not write into them.
    guest.type("bind 'set enable-bracketed-paste off'; dmesg -n 1")
    guest.wait_for(PROMPT, start=start)


def ask(guest: Guest, command: str, answer: str):
    """Types it; a line of what it prints must match."""
    start = len(guest.text)
    guest.type(command)
    guest.wait_for(answer, start=start)
    guest.wait_for(PROMPT, start=start)


def check_disk(guest: Guest):
    ask(guest, "echo root=$(stat -fc %T /) on $(findmnt -no SOURCE,OPTIONS /)", r"^root=ext2/ext3 on .*\brw\b")
    ask(guest, "dd if=/dev/urandom of=/var/data bs=1M count=8 conv=fsync status=none && sha256sum /var/data > /var/sum && echo wri''tten", r"^written")
    ask(guest, "cat /sys/block/vda/size", r"^2097152\s*$")
    say("the root file system is on the disk, which takes writes")


def check_network(guest: Guest, server: Server, port: int):
    ask(guest, "for i in $(seq 100); do ip -4 -o addr show scope global | grep -q 10.0.2.15 && break; sleep 0.2; done; echo address=$(hostname -I)", r"^address=10\.0\.2\.15")
    ask(guest, f"wget -q -O- http://10.0.2.2:{server.port}/", r"^hello from host!")
    say("the guest reaches a server of the host")
    start = len(guest.text)
    guest.type("echo hello from gue''st | nc -l -p 80 -q 1")
    said = b""
    while b"hello from guest" not in said:
        if time.monotonic() > guest.deadline:
            raise Failure("the forwarded port does not lead to the guest")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
                said = peer.recv(100)
        except OSError:
            pass
        time.sleep(0.2)
    guest.wait_for(PROMPT, start=start)
    say("a port of the host leads to the guest")


def check_random(guest: Guest):
    ask(guest, "cat /sys/class/misc/hw_random/rng_current", r"^virtio_rng\.")
    say("random numbers come from the host")


def check_interrupts(guest: Guest, bus: str):
    """Over PCI each device interrupts by messages, over MMIO by a line."""
    pattern = {"pci": "PCI-MSI.*virtio[0-9]+-", "mmio": "IO-APIC.*virtio"}[bus]
    # Of each kind of interrupt that has come at least once: the number of its kind is column 1, the counts follow.
    ask(guest, f"echo inter''rupts=$(grep -E '{pattern}' /proc/interrupts | awk '$2 > 0' | wc -l)", r"^interrupts=[3-9]")
    say(f"interrupts come by {'MSI-X' if bus == 'pci' else 'lines'}")


# The guest's shell, and the lines of an answer that it gives to all who ask.
WEB_TEST = """
    test "it answers over HTTP" {
        boot()
        expect.serial("nyx login:", within: 600 s)
        send("root\\n")
        expect.serial("root@nyx:~#", within: 60 s)
        send("while true; do printf 'HTTP/1.0 200 OK\\\\r\\\\n\\\\r\\\\nhello over http' | nc -l -p 80 -q 1 >/dev/null; done &\\n")
        expect.http(PORT, status: 200, body: "hello over http", within: 120 s)
        send("poweroff\\n")
        expect.poweroff(within: 120 s)
    }
}
"""


def check_expect_http(options, folder: pathlib.Path, port: int):
    text = (folder / "machine.ny").read_text().rstrip()
    (folder / "web.ny").write_text(text[:-1].rstrip() + WEB_TEST.replace("PORT", str(port)))
    done = subprocess.run([options.nyxc, "test", "web.ny", "--accel", options.accel, "--timeout", str(int(options.limit))], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"nyxc test: status {done.returncode}\n{done.stdout}{done.stderr}")
    say("a test of the machine was answered over HTTP")


def power_off(guest: Guest):
    guest.type("poweroff")
    status = guest.end()
    if status != 0:
        raise Failure(f"after poweroff nyx ended with status {status}\n{guest.report()}")
    complaints = [line for line in guest.text.splitlines() if COMPLAINTS.search(line) and not line.endswith(HARMLESS)]
    if complaints:
        raise Failure("the kernel complains:\n" + "\n".join(complaints))


def check_file_system(folder: pathlib.Path):
    done = subprocess.run(["e2fsck", "-f", "-n", folder / "root.img"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"e2fsck says:\n{done.stdout}")
    say("the file system on the image is whole")


def run(options, folder: pathlib.Path, guests: contextlib.ExitStack):
    server, port = Server(), free_port()
    build(options.nyxc, folder, port, options.bus)
    more = ["--timeout", str(options.limit)]

    def boot() -> Guest:
        guest = guests.enter_context(Guest(options.nyx, folder, options.accel, options.limit, more=more))
        log_in(guest)
        say("login")
        return guest

    started = time.monotonic()
    first = boot()
    say(f"to the prompt in {time.monotonic() - started:.1f} s")
    check_disk(first)
    check_network(first, server, port)
    check_random(first)
    check_interrupts(first, options.bus)
    power_off(first)
    check_file_system(folder)
    second = boot()
    ask(second, "sha256sum -c /var/sum", r"^/var/data: OK")
    say("what was written is there after another boot")
    power_off(second)
    check_expect_http(options, folder, port)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nyxc", required=True)
    options.add_argument("--nyx", required=True)
    options.add_argument("--accel", choices=("kvm", "soft"), default="soft")
    options.add_argument("--bus", choices=("mmio", "pci"), default="mmio")
    options.add_argument("--limit", type=float, default=900, help="seconds for each run")
    options = options.parse_args()
    options.nyxc, options.nyx = os.path.abspath(options.nyxc), os.path.abspath(options.nyx)
    if options.accel == "kvm":
        facts = json.loads(subprocess.run([options.nyx, "facts"], capture_output=True, text=True, check=True).stdout)
        if not facts["kvm"]["available"] or facts["kvm"]["host_kind"] == "kvm_pvm":
            say("SKIPPED: no KVM with hardware behind it here")
            return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        try:
            with contextlib.ExitStack() as guests:
                run(options, pathlib.Path(name), guests)
            return 0
        except Failure as failure:
            say(f"FAILED: {failure}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
