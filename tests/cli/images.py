"""Image files for tests of nyxc: small, made here, and what the examples of docs/diagnostics name."""
import struct
from pathlib import Path


def pvh_elf(entry=0x100000, code=b"\xf4" * 64):
    """An ELF64 with one segment at `entry` and the PVH entry note (XEN_ELFNOTE_PHYS32_ENTRY, type 18)."""
    note = struct.pack("<III4sI", 4, 4, 18, b"Xen\0", entry)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, entry, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0x1000, entry, entry, len(code), len(code), 0x1000)
    notes = struct.pack("<IIQQQQQQ", 4, 4, 0x200, 0, 0, len(note), len(note), 4)
    head = header + load + notes
    return head.ljust(0x200, b"\0") + note.ljust(0xE00, b"\0") + code


def write_all(folder):
    folder = Path(folder)
    (folder / "probe.elf").write_bytes(pvh_elf())
    (folder / "kernel").write_bytes(pvh_elf())
    (folder / "flat.bin").write_bytes(b"\xf4" * 4096)
    (folder / "initrd.img").write_bytes(b"070701" * 100)
    (folder / "folder").mkdir()
