import std.boards.pc
machine m : pc {
    boot.kernel = "vmlinux"  #~ NY0108@5 a machine's fields are set by `name = value`  #~ help write all of it at once: `boot = linux(kernel: …, initrd: …, cmdline: …)`
    com1.base = 0x2f8  #~ NY0108@5 a machine's fields are set by `name = value`  #~ help a part of `com1` is set where `com1` is; a device's fields stand in its block
    boot = elf("probe.elf")
}
