"""A machine with two devices that are classes: a terminal line of two ports and a watchdog."""

from vm_device_bus import Device

class Line : Device {
    """Bytes at the first port; the second reads 1 while one waits."""
    base: int = 0
    irq: int = 0
    waiting: array<int> = []

    fn io_read(port: int) -> int {
        if port != self.base { return min(len(self.waiting), 1) }
        if len(self.waiting) == 0 { return 0 }
        let byte = self.waiting.pop(0)
        if len(self.waiting) == 0 { self.lower_irq(self.irq) }
        return byte
    }
    fn io_write(port: int, value: int) {
        if port == self.base { self.emit("tx", value) }
    }
    fn accepts_rx() -> bool { return len(self.waiting) < 16 }
    fn on_rx(byte: int) {
        self.waiting.push(byte)
        self.raise_irq(self.irq)
    }
}

class Watchdog : Device {
    """Who writes n has n units of time to write again; then the run ends. 0 sends it to sleep."""
    unit: int = 0
    status: int = 0

    fn io_write(port: int, value: int) {
        if value == 0 {
            self.cancel_timer("patience")
        } else {
            self.arm_timer("patience", value * self.unit * 1 ms)
        }
    }
    fn io_read(port: int) -> bool { return self.timer_runs("patience") }
    fn on_patience() { self.request("exit", self.status) }
}

device line(base: ioport(2) = 0x2E0, irq: gsi = 5, backend: host<backend> = stdio) script "Line" {
    """A terminal line of two ports."""
    host tx: sink<u8>, rx: source<u8>
    bank ports: pio @base, size 2 { }
}

device watchdog(
    base: ioport(1) = 0x2E8,
    unit: int(1..10_000) = 100 """Milliseconds.""",
    status: int(0..255) = 9 """Of the run that it ends.""",
) script "Watchdog" {
    """Ends a run whose guest is silent for too long."""
    host machine: control
    timer patience
    bank ports: pio @base, size 1 { }
}

machine watched {
    memory = 16 MiB
    boot   = flat(image: "echo.bin", load: 0x100000, entry: 0x100000, mode: long64)
    line tty { }
    watchdog dog { }
}
