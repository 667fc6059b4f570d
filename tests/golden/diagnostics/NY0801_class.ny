from vm_device_bus import Device

class Counter : Device {
    fn io_read(port: int) -> int { return 1 }
}
device counter(port: ioport(2) = 0x80) script "Counter" {  #~ label@47 its class
    state { count: u8 = 0 }  #~ NY0801@5 `Counter` does what this device does, so it has banks, ports and timers alone
    bank regs: pio @port, size 2 { }
}

class Line : Device {
    fn on_rx(value: int) { }
}
device line(port: ioport(1) = 0x90) script "Line" {
    host rx: source<u8> when true
    host tx: sink<u8>, line_break: event
    timer tick
    timer slow(hz: 1000)
    bank regs: pio @port, size 1 { }
}
device line2(port: ioport(1) = 0x91) script "Line" {
    host rx: source<u8>, line_break: event
    timer tick
    bank regs: pio @port, size 1 { }
}
device line3(port: ioport(1) = 0x92) script "Line" {
    host rx: source<u8>, more: source<u8>
    bank regs: pio @port, size 1 { }
}
