"""Devices as classes: the interface, a bus, and register-level models of the PC's own.

The models compute: a script drives them through `io_read`, `io_write`, `mmio_read` and `mmio_write`. What a machine really has are the devices of
`std.devices`; to put a class into a machine is not in this build."""
import hardware

class Device {
    """The interface of a device: accesses, interrupt lines, state."""
    name: string = "device"
    irq_lines: map<int, bool> = {}
    on_irq: fn(int, bool)? = null """Called with (line, level) when a line changes."""

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

# ---- Interrupt controllers

class PIC extends Device {
    """An i8259A: one of the two."""
    base: int = 0x20
    vector: int = 8
    irr: int = 0
    isr: int = 0
    imr: int = 0xFF
    step: int = 0
    read_isr: bool = false
    auto_eoi: bool = false

    fn init(self, name: string = "pic-master", base: int = 0x20) {
        self.name = name
        self.base = base
    }
    fn io_write(self, port: int, value: int) {
        if port == self.base {
            if (value & 0x10) != 0 {  # ICW1
                self.step = 1
                self.imr = 0
                self.isr = 0
                self.irr = 0
            } else if (value & 0x08) != 0 {  # OCW3
                if (value & 2) != 0 { self.read_isr = (value & 1) == 1 }
            } else {  # OCW2
                self._end(value)
            }
            return
        }
        match self.step {
            1 => {
                self.vector = value & 0xF8
                self.step = 2
            }
            2 => self.step = 3
            3 => {
                self.auto_eoi = (value & 2) != 0
                self.step = 0
            }
            _ => self.imr = value
        }
    }
    fn _end(self, value: int) {
        match value >> 5 {
            1 => self.isr &= self.isr - 1  # non-specific: the highest in service
            3 => self.isr &= ~(1 << (value & 7))
            _ => pass
        }
    }
    fn io_read(self, port: int) -> int {
        if port != self.base { return self.imr }
        if self.read_isr { return self.isr }
        return self.irr
    }
    fn request(self, line: int) { self.irr |= 1 << line }
    fn pending(self) -> int? {
        """The line that would be served next."""
        for line in 0..8 {
            if (self.isr >> line & 1) == 1 { return null }
            if ((self.irr & ~self.imr) >> line & 1) == 1 { return line }
        }
        return null
    }
    fn acknowledge(self) -> int? {
        """What the processor gets: the vector; null where nothing waits."""
        let line = self.pending()
        if line == null { return null }
        self.irr &= ~(1 << line)
        if !self.auto_eoi { self.isr |= 1 << line }
        return self.vector + line
    }
    fn snapshot(self) -> map<string, any> {
        return {
            vector: self.vector, irr: self.irr, isr: self.isr, imr: self.imr, step: self.step,
            read_isr: self.read_isr, auto_eoi: self.auto_eoi
        }
    }
    fn restore(self, state: map<string, any>) {
        self.vector = state.vector
        self.irr = state.irr
        self.isr = state.isr
        self.imr = state.imr
        self.step = state.step
        self.read_isr = state.read_isr
        self.auto_eoi = state.auto_eoi
    }
}

class IOAPIC extends Device {
    """An I/O APIC with 24 lines (82093AA): index at +0, data at +0x10."""
    base: int = hardware.IOAPIC_BASE
    index: int = 0
    id: int = 0
    table: array<int> = []

    fn init(self) {
        self.name = "ioapic"
        self.table = array(24, 0x10000)  # masked
    }
    fn mmio_read(self, addr: int) -> int {
        if addr - self.base == 0 { return self.index }
        match self.index {
            0 => return self.id << 24
            1 => return 23 << 16 | 0x11
            2 => return self.id << 24
            _ => pass
        }
        let line = (self.index - 0x10) // 2
        if line < 0 || line > 23 { return 0 }
        return self.table[line] >> (self.index & 1) * 32 & 0xFFFFFFFF
    }
    fn mmio_write(self, addr: int, value: int) {
        if addr - self.base == 0 {
            self.index = value & 0xFF
            return
        }
        if self.index == 0 { self.id = value >> 24 & 0xF }
        let line = (self.index - 0x10) // 2
        if line < 0 || line > 23 { return }
        if (self.index & 1) == 1 {
            self.table[line] = self.table[line] & 0xFFFFFFFF | (value & 0xFF) << 56
        } else {
            self.table[line] = self.table[line] & ~0xFFFFFFFF | value & 0x1AFFF
        }
    }
    fn vector_of(self, line: int) -> int? {
        """The vector that a line raises; null while it is masked."""
        if (self.table[line] >> 16 & 1) == 1 { return null }
        return self.table[line] & 0xFF
    }
    fn snapshot(self) -> map<string, any> {
        return {index: self.index, id: self.id, table: copy(self.table)}
    }
    fn restore(self, state: map<string, any>) {
        self.index = state.index
        self.id = state.id
        self.table = copy(state.table)
    }
}

class LAPIC extends Device {
    """The interrupt part of a local APIC: request, service and priority (SDM volume 3, section 11.8)."""
    base: int = hardware.LAPIC_BASE
    id: int = 0
    tpr: int = 0
    spurious: int = 0xFF
    requests: map<int, bool> = {}
    service: array<int> = []

    fn init(self, id: int = 0) {
        self.name = "lapic${id}"
        self.id = id
    }
    fn request(self, vector: int) { self.requests[vector] = true }
    fn ppr(self) -> int {
        """Processor priority: of the task, or of what is in service."""
        let serving = max([0].extend(self.service))
        if self.tpr >> 4 >= serving >> 4 { return self.tpr }
        return serving & 0xF0
    }
    fn pending(self) -> int? {
        if len(self.requests) == 0 || (self.spurious >> 8 & 1) == 0 { return null }
        let highest = max(self.requests.keys())
        if highest >> 4 <= self.ppr() >> 4 { return null }
        return highest
    }
    fn acknowledge(self) -> int? {
        let vector = self.pending()
        if vector == null { return null }
        self.requests.remove(vector)
        self.service.push(vector)
        return vector
    }
    fn mmio_read(self, addr: int) -> int {
        match addr - self.base {
            0x20 => return self.id << 24
            0x30 => return 0x50014
            0x80 => return self.tpr
            0xA0 => return self.ppr()
            0xF0 => return self.spurious
            _ => return 0
        }
    }
    fn mmio_write(self, addr: int, value: int) {
        match addr - self.base {
            0x20 => self.id = value >> 24
            0x80 => self.tpr = value & 0xFF
            0xB0 => { if len(self.service) > 0 { self.service.pop() } }
            0xF0 => self.spurious = value & 0x1FF
            _ => pass
        }
    }
    fn snapshot(self) -> map<string, any> {
        return {
            id: self.id,
            tpr: self.tpr,
            spurious: self.spurious,
            requests: copy(self.requests),
            service: copy(self.service),
        }
    }
    fn restore(self, state: map<string, any>) {
        self.id = state.id
        self.tpr = state.tpr
        self.spurious = state.spurious
        self.requests = copy(state.requests)
        self.service = copy(state.service)
    }
}

# ---- Timers

const PIT_HERTZ = 1193182

class PIT extends Device {
    """An i8254 at ports 0x40 to 0x43; time passes by tick()."""
    counters: array<map<string, any>> = []

    fn init(self) {
        self.name = "pit"
        for channel in 0..3 {
            self.counters.push({
                reload: 0x10000, count: 0x10000, access: 3, mode: 3, low_next: true, low: 0,
                latched: null, read_low: true
            })
        }
    }
    fn io_write(self, port: int, value: int) {
        if port == 0x43 { return self._command(value) }
        let c = self.counters[port - 0x40]
        if c.access == 1 { return self._load(c, value) }
        if c.access == 2 { return self._load(c, value << 8) }
        if c.low_next {
            c.low = value
            c.low_next = false
        } else {
            c.low_next = true
            self._load(c, value << 8 | c.low)
        }
    }
    fn _command(self, value: int) {
        if value >> 6 == 3 { return }  # read-back
        let c = self.counters[value >> 6]
        if (value >> 4 & 3) == 0 {
            c.latched = c.count & 0xFFFF
            c.read_low = true
            return
        }
        c.access = value >> 4 & 3
        c.mode = value >> 1 & 7
        c.low_next = true
    }
    fn _load(self, c, value: int) {
        c.reload = value
        if value == 0 { c.reload = 0x10000 }
        c.count = c.reload
    }
    fn io_read(self, port: int) -> int {
        if port == 0x43 { return 0xFF }
        let c = self.counters[port - 0x40]
        let value = c.latched ?? c.count & 0xFFFF
        if c.access == 2 { return value >> 8 }
        if c.access == 1 || c.read_low {
            c.read_low = c.access == 1
            if c.access == 1 { c.latched = null }
            return value & 0xFF
        }
        c.read_low = true
        c.latched = null
        return value >> 8
    }
    fn tick(self, cycles: int) -> int {
        """So many cycles of 1.193182 MHz pass; gives how often channel 0 has raised interrupt line 0."""
        let mut fired = 0
        for number, c in self.counters {
            let left = c.count - cycles
            if left > 0 {
                c.count = left
                continue
            }
            let periods = 1 + -left // c.reload
            c.count = c.reload - -left % c.reload
            if number == 0 { fired = periods }
        }
        if fired > 0 {
            self.raise_irq(hardware.IRQ_TIMER)
            self.lower_irq(hardware.IRQ_TIMER)
        }
        return fired
    }
    fn frequency(self, channel: int) -> float { return PIT_HERTZ / self.counters[channel].reload }
    fn snapshot(self) -> map<string, any> { return {counters: [copy(c) for c in self.counters]} }
    fn restore(self, state: map<string, any>) { self.counters = [copy(c) for c in state.counters] }
}
class RTC extends Device {
    """An MC146818 at ports 0x70 and 0x71: CMOS memory and a clock in BCD that tick() moves."""
    index: int = 0
    cmos: array<int> = []

    fn init(self) {
        self.name = "rtc"
        self.cmos = array(128, 0)
        self.cmos[0x0A] = 0x26
        self.cmos[0x0B] = 0x02
        self.cmos[0x0D] = 0x80
    }
    fn io_write(self, port: int, value: int) {
        if port == 0x70 { self.index = value & 0x7F } else { self.cmos[self.index] = value & 0xFF }
    }
    fn io_read(self, port: int) -> int {
        if port == 0x70 { return 0xFF }
        let value = self.cmos[self.index]
        if self.index == 0x0C { self.cmos[0x0C] = 0 }
        return value
    }
    fn set_time(self, hour: int, minute: int, second: int) {
        self.cmos[4] = hardware.to_bcd(hour)
        self.cmos[2] = hardware.to_bcd(minute)
        self.cmos[0] = hardware.to_bcd(second)
    }
    fn seconds(self) -> int {
        """Of the day."""
        return hardware.from_bcd(self.cmos[4]) * 3600 +
            hardware.from_bcd(self.cmos[2]) * 60 +
            hardware.from_bcd(self.cmos[0])
    }
    fn tick(self, seconds: int = 1) {
        let now = (self.seconds() + seconds) % 86400
        self.set_time(now // 3600, now // 60 % 60, now % 60)
        if (self.cmos[0x0B] & 0x10) != 0 {  # update-ended interrupt
            self.cmos[0x0C] |= 0x90
            self.raise_irq(hardware.IRQ_RTC)
        }
    }
    fn snapshot(self) -> map<string, any> { return {index: self.index, cmos: copy(self.cmos)} }
    fn restore(self, state: map<string, any>) {
        self.index = state.index
        self.cmos = copy(state.cmos)
    }
}

class HPET extends Device {
    """A high precision event timer with a 100 MHz counter: capabilities, configuration, counter (IA-PC HPET 1.0a)."""
    base: int = hardware.HPET_BASE
    config: int = 0
    counter: int = 0

    fn init(self) { self.name = "hpet" }
    fn mmio_read(self, addr: int) -> int {
        match addr - self.base {
            0x00 => return 0x8086A201
            0x04 => return 10_000_000  # femtoseconds a tick
            0x10 => return self.config
            0xF0 => return self.counter & 0xFFFFFFFF
            0xF4 => return self.counter >> 32
            _ => return 0
        }
    }
    fn mmio_write(self, addr: int, value: int) {
        match addr - self.base {
            0x10 => self.config = value & 3
            0xF0 => {
                if (self.config & 1) == 0 { self.counter = self.counter & ~0xFFFFFFFF | value }
            }
            _ => pass
        }
    }
    fn tick(self, nanoseconds: int) {
        if (self.config & 1) == 1 { self.counter += nanoseconds // 10 }
    }
    fn snapshot(self) -> map<string, any> { return {config: self.config, counter: self.counter} }
    fn restore(self, state: map<string, any>) {
        self.config = state.config
        self.counter = state.counter
    }
}

# ---- Input and output

class UART extends Device {
    """A 16550A: what the guest sends goes to on_transmit, what receive() is given comes to the guest."""
    base: int = 0x3F8
    irq: int = hardware.IRQ_COM1
    on_transmit: fn(int)? = null
    ier: int = 0
    lcr: int = 0
    mcr: int = 0
    scr: int = 0
    divisor: int = 12
    fifo: bool = false
    received: array<int> = []
    transmitter_empty: bool = false """An interrupt for the empty transmitter waits."""

    fn init(self, base: int = 0x3F8, irq: int = hardware.IRQ_COM1, on_transmit: fn(int)? = null) {
        self.name = "uart@${hex(base)}"
        self.base = base
        self.irq = irq
        self.on_transmit = on_transmit
    }
    fn baud(self) -> int { return 115200 // max(self.divisor, 1) }
    fn receive(self, byte: int) -> bool {
        """False where there is no room: the byte is lost."""
        let mut room = 1
        if self.fifo { room = 16 }
        if len(self.received) >= room { return false }
        self.received.push(byte & 0xFF)
        self._update()
        return true
    }
    fn _identification(self) -> int {
        if (self.ier & 1) != 0 && len(self.received) > 0 { return 4 }
        if (self.ier & 2) != 0 && self.transmitter_empty { return 2 }
        return 1
    }
    fn _update(self) { self._line(self.irq, self._identification() != 1 && (self.mcr & 8) != 0) }
    fn io_write(self, port: int, value: int) {
        let dlab = (self.lcr & 0x80) != 0
        match port - self.base {
            0 => {
                if dlab {
                    self.divisor = self.divisor & 0xFF00 | value
                } else {
                    if self.on_transmit != null && (self.mcr & 0x10) == 0 {
                        self.on_transmit(value)
                    }
                    if (self.mcr & 0x10) != 0 { self.receive(value) }  # loopback
                    self.transmitter_empty = true
                }
            }
            1 => {
                if dlab {
                    self.divisor = self.divisor & 0xFF | value << 8
                } else {
                    if (value & 2) != 0 && (self.ier & 2) == 0 { self.transmitter_empty = true }
                    self.ier = value & 0x0F
                }
            }
            2 => {
                self.fifo = (value & 1) == 1
                if (value & 2) != 0 { self.received.clear() }
            }
            3 => self.lcr = value
            4 => self.mcr = value & 0x1F
            7 => self.scr = value
            _ => pass
        }
        self._update()
    }
    fn io_read(self, port: int) -> int {
        let dlab = (self.lcr & 0x80) != 0
        match port - self.base {
            0 => {
                if dlab { return self.divisor & 0xFF }
                if len(self.received) == 0 { return 0 }
                let byte = self.received.pop(0)
                self._update()
                return byte
            }
            1 => {
                if dlab { return self.divisor >> 8 }
                return self.ier
            }
            2 => {
                let mut value = self._identification()
                if value == 2 { self.transmitter_empty = false }
                if self.fifo { value |= 0xC0 }
                self._update()
                return value
            }
            3 => return self.lcr
            4 => return self.mcr
            5 => return 0x60 | min(len(self.received), 1)
            6 => return 0xB0
            7 => return self.scr
            _ => return 0xFF
        }
    }
    fn snapshot(self) -> map<string, any> {
        return {
            ier: self.ier,
            lcr: self.lcr,
            mcr: self.mcr,
            scr: self.scr,
            divisor: self.divisor,
            fifo: self.fifo,
            received: copy(self.received),
            transmitter_empty: self.transmitter_empty,
        }
    }
    fn restore(self, state: map<string, any>) {
        self.ier = state.ier
        self.lcr = state.lcr
        self.mcr = state.mcr
        self.scr = state.scr
        self.divisor = state.divisor
        self.fifo = state.fifo
        self.received = copy(state.received)
        self.transmitter_empty = state.transmitter_empty
    }
}

class PS2 extends Device {
    """An i8042 with a keyboard, at ports 0x60 and 0x64."""
    output: array<int> = []
    config: int = 0x45
    expecting: int = 0
    reset_requested: bool = false

    fn init(self) { self.name = "ps2" }
    fn key(self, scancode: int) {
        self.output.push(scancode)
        if (self.config & 1) == 1 { self.raise_irq(hardware.IRQ_KEYBOARD) }
    }
    fn io_read(self, port: int) -> int {
        if port == 0x64 { return min(len(self.output), 1) | 0x14 }
        if len(self.output) == 0 { return 0 }
        let value = self.output.pop(0)
        if len(self.output) == 0 { self.lower_irq(hardware.IRQ_KEYBOARD) }
        return value
    }
    fn io_write(self, port: int, value: int) {
        if port == 0x60 {
            if self.expecting == 0x60 { self.config = value } else { self.output.push(0xFA) }
            self.expecting = 0
            return
        }
        match value {
            0x20 => self.output.push(self.config)
            0x60 => self.expecting = 0x60
            0xAA => self.output.push(0x55)
            0xFE => self.reset_requested = true
            _ => pass
        }
    }
    fn snapshot(self) -> map<string, any> {
        return {output: copy(self.output), config: self.config, expecting: self.expecting}
    }
    fn restore(self, state: map<string, any>) {
        self.output = copy(state.output)
        self.config = state.config
        self.expecting = state.expecting
    }
}

class PCIConfig extends Device {
    """PCI configuration space by ports 0xCF8 and 0xCFC (mechanism 1)."""
    address: int = 0
    functions: map<int, array<int>> = {}

    fn init(self) { self.name = "pci-config" }
    fn add_function(
        self,
        bus: int,
        slot: int,
        function: int,
        vendor: int,
        device: int,
        class_code: int = 0,
    ) -> array<int> {
        """Gives its 64 registers of 32 bits."""
        let registers = array(64, 0)
        registers[0] = device << 16 | vendor
        registers[2] = class_code << 8
        self.functions[hardware.pci_id(bus, slot, function)] = registers
        return registers
    }
    fn _register(self) -> array<int>? { return self.functions.get(self.address >> 8 & 0xFFFF) }
    fn io_read(self, port: int) -> int {
        if port == 0xCF8 { return self.address }
        let registers = self._register()
        if self.address >> 31 == 0 || registers == null { return 0xFFFFFFFF }
        return registers[self.address >> 2 & 0x3F] >> 8 * (port & 3)
    }
    fn io_write(self, port: int, value: int) {
        if port == 0xCF8 {
            self.address = value & 0x80FFFFFC
            return
        }
        let registers = self._register()
        let index = self.address >> 2 & 0x3F
        if self.address >> 31 == 1 && registers != null && index > 0 { registers[index] = value }
    }
}

class DMA extends Device {
    """An i8237's address and count registers, ports 0x00 to 0x0F."""
    channels: array<map<string, int>> = []
    high: bool = false
    mask: int = 0xF

    fn init(self) {
        self.name = "dma"
        for channel in 0..4 { self.channels.push({address: 0, count: 0, mode: 0}) }
    }
    fn io_write(self, port: int, value: int) {
        if port < 8 {
            let c = self.channels[port // 2]
            let key = ["address", "count"][port % 2]
            if self.high {
                c[key] = c[key] & 0xFF | value << 8
            } else {
                c[key] = c[key] & 0xFF00 | value
            }
            self.high = !self.high
        }
        match port {
            0x0A => self.mask = self.mask & ~(1 << (value & 3)) | (value >> 2 & 1) << (value & 3)
            0x0B => self.channels[value & 3].mode = value
            0x0C => self.high = false
            0x0F => self.mask = value & 0xF
            _ => pass
        }
    }
    fn io_read(self, port: int) -> int {
        if port >= 8 { return 0 }
        let value = self.channels[port // 2][["address", "count"][port % 2]]
        let shown = value >> 8 * [0, 1][int(self.high)] & 0xFF
        self.high = !self.high
        return shown
    }
}

class SMIPort extends Device {
    """Ports 0xB2 and 0xB3: a write to the first asks for a system management interrupt."""
    command: int = 0
    data: int = 0
    on_command: fn(int)? = null

    fn init(self, on_command: fn(int)? = null) {
        self.name = "smi"
        self.on_command = on_command
    }
    fn io_read(self, port: int) -> int {
        if port == hardware.SMI_PORT { return self.command }
        return self.data
    }
    fn io_write(self, port: int, value: int) {
        if port != hardware.SMI_PORT {
            self.data = value
            return
        }
        self.command = value
        if self.on_command != null { self.on_command(value) }
    }
}

class ResetPort extends Device {
    """Port 0xCF9: value 6 resets the machine."""
    value: int = 0
    on_reset: fn()? = null

    fn init(self, on_reset: fn()? = null) {
        self.name = "reset"
        self.on_reset = on_reset
    }
    fn io_read(self, port: int) -> int { return self.value }
    fn io_write(self, port: int, value: int) {
        let rises = (value & 4) != 0 && (self.value & 4) == 0
        self.value = value & 0x0E
        if rises && self.on_reset != null { self.on_reset() }
    }
}

class BochsVGA extends Device {
    """The mode registers of Bochs's display, ports 0x1CE and 0x1CF."""
    index: int = 0
    registers: array<int> = []

    fn init(self) {
        self.name = "bochs-vga"
        self.registers = [0xB0C5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64]
    }
    fn io_read(self, port: int) -> int {
        if port == 0x1CE { return self.index }
        if self.index >= len(self.registers) { return 0 }
        return self.registers[self.index]
    }
    fn io_write(self, port: int, value: int) {
        if port == 0x1CE {
            self.index = value & 0xFFFF
        } else if self.index > 0 && self.index < 10 {
            self.registers[self.index] = value & 0xFFFF
        }
    }
    fn mode(self) -> tuple? {
        """(width, height, bits a pixel); null while it is off."""
        if (self.registers[4] & 1) == 0 { return null }
        return (self.registers[1], self.registers[2], self.registers[3])
    }
}

# ---- Devices that a machine is configured with; what they do in a guest is not in this build

class PCIDevice extends Device {
    """A device on the PCI bus: what it is. Its registers are not modelled here."""
    vendor_id: int = 0
    device_id: int = 0
    class_code: int = 0
    fn mmio_read(self, addr: int) -> int { __capability("model of ${self.name} in scripts") }
    fn mmio_write(self, addr: int, value: int) { __capability("model of ${self.name} in scripts") }
}
class E1000Device extends PCIDevice {
    """Intel 82540EM."""
    mac: string = "52:54:00:12:34:56"
    fn init(self, mac: string = "52:54:00:12:34:56") {
        self.name = "e1000"
        self.vendor_id = 0x8086
        self.device_id = 0x100E
        self.class_code = 0x020000
        self.mac = mac
    }
}
class VirtioNetDevice extends PCIDevice {
    mac: string = "52:54:00:12:34:56"
    fn init(self, mac: string = "52:54:00:12:34:56") {
        self.name = "virtio-net"
        self.vendor_id = 0x1AF4
        self.device_id = 0x1041
        self.class_code = 0x020000
        self.mac = mac
    }
}
class VirtioBlkDevice extends PCIDevice {
    path: string = ""
    fn init(self, path: string = "") {
        self.name = "virtio-blk"
        self.vendor_id = 0x1AF4
        self.device_id = 0x1042
        self.class_code = 0x010000
        self.path = path
    }
}
class AHCIDevice extends PCIDevice {
    """ICH9's AHCI controller."""
    ports: int = 6
    fn init(self, ports: int = 6) {
        self.name = "ahci"
        self.vendor_id = 0x8086
        self.device_id = 0x2922
        self.class_code = 0x010601
        self.ports = ports
    }
}
