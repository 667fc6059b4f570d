"""What the device models of classic Nyx are, and the bus that they are on."""

class Device {
    """The interface of a device: accesses, interrupt lines, timers, bytes of the host, state.

    A machine looks at its fields when a call is over, so a script that calls it can do the same."""
    name: string = "device"
    irq_lines: map<int, bool> = {}
    on_irq: fn(int, bool)? = null """Called with (line, level) when a line changes."""
    timers: map<string, any> = {}
        """Of each timer that runs what it has left: of the machine's in nanoseconds."""
    sent: array<tuple> = [] """What `emit` was given and nobody has taken: (sink, value)."""
    requests: array<tuple> = [] """What `request` was given and nobody has taken: (what, value)."""
    wall_ns: int = 0 """Nanoseconds since 1970, where the device has a `clock`."""

    fn io_read(self, port: int) -> int {
        """What nobody answers reads as ones."""
        return 0xFF
    }
    fn io_write(self, port: int, value: int) { }
    fn mmio_read(self, addr: int) -> int { return 0xFFFFFFFF }
    fn mmio_write(self, addr: int, value: int) { }
    fn _line(self, irq: int, level: bool) {
        if self.irq_lines.get(irq, false) == level { return }
        self.irq_lines[irq] = level
        if self.on_irq != null { self.on_irq(irq, level) }
    }
    fn raise_irq(self, irq: int) { self._line(irq, true) }
    fn lower_irq(self, irq: int) { self._line(irq, false) }
    fn irq_level(self, irq: int) -> bool { return self.irq_lines.get(irq, false) }
    fn arm_timer(self, timer: string, after: any) {
        """When `after` has passed, nanoseconds or a time, `on_` and its name is called; again: from now."""
        self.timers[timer] = after
    }
    fn cancel_timer(self, timer: string) { self.timers.remove(timer) }
    fn timer_runs(self, timer: string) -> bool { return timer in self.timers }
    fn emit(self, sink: string, value: any) {
        """Sends a number, or to a sink of bytes a text, to the host."""
        self.sent.push((sink, value))
    }
    fn request(self, what: string, value: int = 0) {
        """Asks the machine: "reset", "power_off", "exit" with a status, "panicked"."""
        self.requests.push((what, value))
    }
    fn reset(self) { }
    fn snapshot(self) -> map<string, any> {
        """Its state."""
        return {}
    }
    fn restore(self, state: map<string, any>) { }
}

class DeviceBus {
    """Which device answers at which port and address."""
    ports: array<tuple> = []
    windows: array<tuple> = []
    devices: array<Device> = []

    fn add(self, device: Device) {
        if !(device in self.devices) { self.devices.push(device) }
    }
    fn register_io(self, device: Device, first: int, count: int) {
        """Throws where another device has one of the ports."""
        for known in self.ports {
            if first < known[1] && known[0] < first + count {
                throw "ports ${hex(first)} and on belong to ${known[2].name}"
            }
        }
        self.ports.push((first, first + count, device))
        self.add(device)
    }
    fn register_mmio(self, device: Device, base: int, size: int) {
        for known in self.windows {
            if base < known[1] && known[0] < base + size {
                throw "addresses ${hex(base)} and on belong to ${known[2].name}"
            }
        }
        self.windows.push((base, base + size, device))
        self.add(device)
    }
    fn at_port(self, port: int) -> Device? {
        for known in self.ports {
            if port >= known[0] && port < known[1] { return known[2] }
        }
        return null
    }
    fn at_address(self, addr: int) -> Device? {
        for known in self.windows {
            if addr >= known[0] && addr < known[1] { return known[2] }
        }
        return null
    }
    fn io_read(self, port: int) -> int {
        let device = self.at_port(port)
        if device == null { return 0xFF }
        return device.io_read(port)
    }
    fn io_write(self, port: int, value: int) {
        let device = self.at_port(port)
        if device != null { device.io_write(port, value) }
    }
    fn mmio_read(self, addr: int) -> int {
        let device = self.at_address(addr)
        if device == null { return 0xFFFFFFFF }
        return device.mmio_read(addr)
    }
    fn mmio_write(self, addr: int, value: int) {
        let device = self.at_address(addr)
        if device != null { device.mmio_write(addr, value) }
    }
    fn reset(self) {
        for device in self.devices { device.reset() }
    }
    fn snapshot(self) -> map<string, any> {
        let states = {}
        for device in self.devices { states[device.name] = device.snapshot() }
        return states
    }
    fn restore(self, states: map<string, any>) {
        for device in self.devices { device.restore(states[device.name]) }
    }
}
