"""The files that the tests of editors open."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
import images  # noqa: E402

FILES = {
    "clean.ny": '''"""One board."""
import std.boards.pc

machine web {
    # a comment
    memory = 1 GiB
    boot   = pvh(image: "probe.elf")
    serial com1 {
        backend = none
    }
    require memory >= 512 MiB, "needs memory"
    for i in 0..1 {
        debugcon { }
    }
}
''',
    "broken.ny": 'machine web {\n    boot = pvh(image: "probe.elf")\n    memroy = 1 GiB\n    serial com1 { }\n}\n',
    "script.ny": '''fn double(x: int) -> int {
    return 2 * x
}

print(double(2))
print(double(3))
''',
    "device.ny": '''device bell(port: ioport(1)) snapshot 1 {
    host tx: sink<u8>, rx: source<u8> when !loud
    state { loud: bool = false }
    bank ports: pio @port, size 1 {
        reg ring @0 rw reset 3 @expect(native) {
            on write(v) { emit tx(v) }
        }
    }
    test "it rings" { write(ring, 1); expect host.tx.len == 1 }
}
''',
    "crooked.ny": 'machine   web {\n  memory=64 MiB\n      boot = pvh( image : "probe.elf" )\n  serial com1 { }\n}\n',
}


def write_all(folder):
    images.write_all(folder)
    for name, text in FILES.items():
        (folder / name).write_text(text)
