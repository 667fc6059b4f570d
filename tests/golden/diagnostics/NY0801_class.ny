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
    host rx: source<u8> when true  #~ NY0801@30 a class says itself when it takes something  #~ help give it `fn accepts_rx() -> bool { … }`
    host tx: sink<u8>, line_break: event
    timer tick
    timer slow(hz: 1000)  #~ NY0801@20 timers of a class count nanoseconds
    bank regs: pio @port, size 1 { }
}
device line2(port: ioport(1) = 0x91) script "Line" {
    host rx: source<u8>, line_break: event  #~ NY0801@26 `Line` has no method `on_line_break`  #~ help what `line_break` brings is a call of `fn on_line_break() { … }`
    timer tick  #~ NY0801@11 `Line` has no method `on_tick`  #~ help what `tick` brings is a call of `fn on_tick() { … }`
    bank regs: pio @port, size 1 { }
}
device line3(port: ioport(1) = 0x92) script "Line" {  #~ NY0801@45 a machine has no such ports for a class  #~ help it has one sink, one `source<u8>` and the events `line_break` and `power_button`
    host rx: source<u8>, more: source<u8>
    bank regs: pio @port, size 1 { }
}
