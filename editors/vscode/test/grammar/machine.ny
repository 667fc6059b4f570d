"""A board, and a machine on it."""
import std.boards.pc
from "shared" import port as com
use hardware

schema probe : device {
    """A device."""
    base: ioport(8) = auto([0x3f8, 0x2f8]) """First of its ports."""
    backend: host<backend> = stdio; level: one_of(low, high)? = null
}

machine web : pc {
    memory = 2 GiB   # in whole pages
    cpus   = 0b10
    boot   = linux(kernel: "vmlinuz", cmdline: 'console=ttyS0')
    serial com1 { backend = file("guest.log") }
    serial { }
    for i in 0..2 { probe { level = low } }
    require memory >= 512 MiB, "needs ${memory:>8} of ${ {a: 1}["a"] }"
    on exception(page_fault) (ctx) { recover ignore }
    test "answers within 10 s" { boot() }
}
