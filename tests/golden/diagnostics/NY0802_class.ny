from vm_device_bus import Device
class Plain {
    fn io_read(port: int) -> int { return 1 }
}
device none(port: ioport(1) = 0x80) script "Nobody" { bank regs: pio @port, size 1 { } }  #~ NY0802@44 there is no class `Nobody`  #~ help it is declared by `class Nobody : Device { fn io_read(port: int) -> int { … } }`, with `from vm_device_bus import Device`
device other(port: ioport(1) = 0x81) script "Plain" { bank regs: pio @port, size 1 { } }  #~ NY0802@45 `Plain` is no class of devices  #~ help it is declared by `class Plain : Device { fn io_read(port: int) -> int { … } }`, with `from vm_device_bus import Device`
class Line : Device {
    fn io_read(port: int) -> int {
        arm_timer("tik", 1 ms)
        self.cancel_timer("other")
        if timer_runs("tick") { emit("t", 1) }
        emit("tx", 1)
        self.request("reset")
        return 0
    }
    fn on_tick() { }
}
class Asking : Line {
    fn io_write(port: int, value: int) { self.request("restart", value) }
}
device line(port: ioport(1) = 0x90) script "Line" {
    host tx: sink<u8>
    timer tick
    bank regs: pio @port, size 1 { }
}
device asking(port: ioport(1) = 0x91) script "Asking" {
    host tx: sink<u8>, machine: control
    timer tick
    bank regs: pio @port, size 1 { }
}
