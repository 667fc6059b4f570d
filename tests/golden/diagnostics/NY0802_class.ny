from vm_device_bus import Device
class Plain {
    fn io_read(port: int) -> int { return 1 }
}
device none(port: ioport(1) = 0x80) script "Nobody" { bank regs: pio @port, size 1 { } }  #~ NY0802@44 there is no class `Nobody`  #~ help it is declared by `class Nobody : Device { fn io_read(port: int) -> int { … } }`, with `from vm_device_bus import Device`
device other(port: ioport(1) = 0x81) script "Plain" { bank regs: pio @port, size 1 { } }  #~ NY0802@45 `Plain` is no class of devices  #~ help it is declared by `class Plain : Device { fn io_read(port: int) -> int { … } }`, with `from vm_device_bus import Device`
class Line : Device {
    fn io_read(port: int) -> int {
        arm_timer("tik", 1 ms)  #~ NY0802@19 the device has no timer `tik`
        self.cancel_timer("other")  #~ NY0802@27 the device has no timer `other`  #~ help there is tick
        if timer_runs("tick") { emit("t", 1) }  #~ NY0802@38 the device has no sink `t`
        emit("tx", 1)
        self.request("reset")  #~ NY0802@9 the device has no port to ask the machine by  #~ help declare it: `host machine: control`
        return 0
    }
    fn on_tick() { }
}
class Asking : Line {
    fn io_write(port: int, value: int) { self.request("restart", value) }  #~ NY0802@55 the device has no request `restart`  #~ help there is reset, power_off, exit, panicked
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
