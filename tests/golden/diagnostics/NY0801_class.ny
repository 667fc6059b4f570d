from vm_device_bus import Device

class Counter : Device {
    fn io_read(port: int) -> int { return 1 }
}
device counter(port: ioport(2) = 0x80) script "Counter" {  #~ label@47 its class
    state { count: u8 = 0 }  #~ NY0801@5 `Counter` does what this device does, so it has banks alone
    bank regs: pio @port, size 2 { }
}
