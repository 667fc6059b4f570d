class Plain {
    fn io_read(port: int) -> int { return 1 }
}
device none(port: ioport(1) = 0x80) script "Nobody" { bank regs: pio @port, size 1 { } }  #~ NY0802@44 there is no class `Nobody`  #~ help it is declared by `class Nobody : Device { fn io_read(port: int) -> int { … } }`, with `from vm_device_bus import Device`
device other(port: ioport(1) = 0x81) script "Plain" { bank regs: pio @port, size 1 { } }  #~ NY0802@45 `Plain` is no class of devices  #~ help it is declared by `class Plain : Device { fn io_read(port: int) -> int { … } }`, with `from vm_device_bus import Device`
