# Devices of a PC at register level: a UART, an interval timer, a pair of interrupt controllers, an IDE disk, a CMOS clock and a keyboard
# controller on one bus, and drivers that talk to them as a kernel would.

# ---- Bits ---------------------------------------------------------------------------------------------------------------------------------

fn bit(n: int) -> int { return 1 << n }
fn has_bit(value: int, n: int) -> bool { return (value >> n & 1) == 1 }
fn low(value: int) -> int { return value & 0xFF }
fn high(value: int) -> int { return value >> 8 & 0xFF }
fn bcd(value: int) -> int { return value // 10 << 4 | value % 10 }

class Log {
    lines = []
    fn say(self, who: string, what: string) { self.lines.push("${who}: ${what}") }
    fn show(self, most: int = 20) {
        for line in self.lines[:most] { print("   ", line) }
        if len(self.lines) > most { print("   ", "… and ${len(self.lines) - most} more") }
        self.lines.clear()
    }
}
const LOG = Log()

# ---- The bus ------------------------------------------------------------------------------------------------------------------------------

class Device {
    name = "device"
    bus = null
    fn attach(self, bus) { self.bus = bus }
    fn ports(self) -> array<tuple> { return [] }
    fn io_read(self, port: int) -> int { return 0xFF }
    fn io_write(self, port: int, value: int) { }
    fn tick(self, nanoseconds: int) { }
    fn reset(self) { }
    fn save(self) { return {} }
    fn load(self, state) { }
}

class Bus {
    fn init(self) {
        self.by_port = {}
        self.devices = []
        self.lines = array(16, false)
        self.on_line = null
        self.unclaimed = {}
        self.accesses = 0
    }
    fn add(self, device) {
        device.attach(self)
        self.devices.push(device)
        for (first, count) in device.ports() {
            for port in first..first + count {
                if self.by_port.has(port) { throw "port ${port:#x} belongs to ${self.by_port[port].name}, not to ${device.name}" }
                self.by_port[port] = device
            }
        }
        return device
    }
    fn inb(self, port: int) -> int {
        self.accesses += 1
        let device = self.by_port.get(port)
        if device != null { return device.io_read(port) & 0xFF }
        self.unclaimed[port] = self.unclaimed.get(port, 0) + 1
        return 0xFF
    }
    fn outb(self, port: int, value: int) {
        self.accesses += 1
        let device = self.by_port.get(port)
        if device == null {
            self.unclaimed[port] = self.unclaimed.get(port, 0) + 1
            return
        }
        device.io_write(port, value & 0xFF)
    }
    fn inw(self, port: int) -> int {
        self.accesses += 1
        return self.by_port[port].io_read16(port)
    }
    fn outw(self, port: int, value: int) { self.by_port[port].io_write16(port, value & 0xFFFF) }
    fn set_line(self, line: int, level: bool) {
        if self.lines[line] == level { return }
        self.lines[line] = level
        if self.on_line != null { self.on_line(line, level) }
    }
    fn tick(self, nanoseconds: int) { for device in self.devices { device.tick(nanoseconds) } }
    fn reset(self) { for device in self.devices { device.reset() } }
    fn save(self) {
        let states = {}
        for device in self.devices { states[device.name] = device.save() }
        return states
    }
    fn load(self, states) { for device in self.devices { device.load(states[device.name]) } }
}

# ---- Two i8259A -----------------------------------------------------------------------------------------------------------------------------

class Pic extends Device {
    fn init(self, name: string, base: int, cascade) {
        self.name = name
        self.base = base
        self.cascade = cascade  # the other one: the slave of a master
        self.reset()
    }
    fn reset(self) {
        self.irr = 0
        self.isr = 0
        self.imr = 0xFF
        self.levels = 0
        self.vector = 0
        self.icw = 0
        self.icw4 = false
        self.auto_eoi = false
        self.special_mask = false
        self.read_isr = false
        self.rotate = 0
    }
    fn ports(self) { return [(self.base, 2)] }
    fn set_line(self, line: int, level: bool) {
        let mask = bit(line)
        if level && (self.levels & mask) == 0 { self.irr |= mask }
        if !level { self.irr &= ~mask }
        if level { self.levels |= mask } else { self.levels &= ~mask }
    }
    # The line to serve, by rotating priority; -1: none
    fn best(self) -> int {
        for i in 0..8 {
            let line = (i + self.rotate) & 7
            if has_bit(self.isr, line) { return -1 }
            if has_bit(self.irr & ~self.imr, line) { return line }
        }
        return -1
    }
    fn acknowledge(self) -> int {
        let line = self.best()
        if line < 0 { return self.vector + 7 }  # spurious
        if self.auto_eoi {
            self.irr &= ~bit(line)
        } else {
            self.isr |= bit(line)
            self.irr &= ~bit(line)
        }
        if self.cascade != null && line == 2 {
            let inner = self.cascade.acknowledge()
            return inner
        }
        return self.vector + line
    }
    fn io_read(self, port: int) -> int {
        if port != self.base { return self.imr }
        if self.read_isr { return self.isr }
        return self.irr
    }
    fn io_write(self, port: int, value: int) {
        if port == self.base {
            if has_bit(value, 4) { return self.begin(value) }
            if has_bit(value, 3) { return self.ocw3(value) }
            return self.ocw2(value)
        }
        switch self.icw {
            case 0: self.imr = value
            case 2:
                self.vector = value & 0xF8
                self.icw = 3
            case 3:
                self.icw = 0
                if self.icw4 { self.icw = 4 }
            case 4:
                self.auto_eoi = has_bit(value, 1)
                self.icw = 0
        }
    }
    fn begin(self, value: int) {
        self.imr = 0
        self.isr = 0
        self.irr = 0
        self.rotate = 0
        self.read_isr = false
        self.icw4 = has_bit(value, 0)
        self.icw = 2
    }
    fn ocw3(self, value: int) {
        if has_bit(value, 1) { self.read_isr = has_bit(value, 0) }
        if has_bit(value, 6) { self.special_mask = has_bit(value, 5) }
    }
    fn ocw2(self, value: int) {
        let command = value >> 5
        let mut line = value & 7
        if command in [1, 5] {  # non-specific: the one with the highest priority
            line = -1
            for i in 0..8 {
                let candidate = (i + self.rotate) & 7
                if has_bit(self.isr, candidate) {
                    line = candidate
                    break
                }
            }
        }
        if command in [1, 3, 5, 7] && line >= 0 { self.isr &= ~bit(line) }
        if command in [5, 6, 7] && line >= 0 { self.rotate = (line + 1) & 7 }
    }
    fn save(self) {
        return {irr: self.irr, isr: self.isr, imr: self.imr, levels: self.levels, vector: self.vector, auto_eoi: self.auto_eoi, rotate: self.rotate}
    }
    fn load(self, state) {
        self.irr = state.irr
        self.isr = state.isr
        self.imr = state.imr
        self.levels = state.levels
        self.vector = state.vector
        self.auto_eoi = state.auto_eoi
        self.rotate = state.rotate
    }
}

class PicPair {
    fn init(self, bus) {
        self.slave = bus.add(Pic("slave", 0xA0, null))
        self.master = bus.add(Pic("master", 0x20, self.slave))
        bus.on_line = fn(line, level) {
            if line >= 8 { self.slave.set_line(line - 8, level) } else { self.master.set_line(line, level) }
            self.forward()
        }
    }
    fn forward(self) {
        self.master.set_line(2, false)
        if self.slave.best() >= 0 { self.master.set_line(2, true) }
    }
    fn pending(self) -> bool {
        self.forward()
        return self.master.best() >= 0
    }
    fn acknowledge(self) -> int {
        self.forward()
        return self.master.acknowledge()
    }
}

# ---- An i8254 -----------------------------------------------------------------------------------------------------------------------------

const PIT_HZ = 1193182

class Counter {
    fn init(self, number: int) {
        self.number = number
        self.reset()
    }
    fn reset(self) {
        self.mode = 3
        self.access = 3
        self.reload = 0x10000
        self.value = 0x10000
        self.latch = null
        self.write_high = false
        self.read_high = false
        self.pending = 0
        self.armed = false
        self.output = true
        self.edges = 0
    }
    fn command(self, value: int) {
        let access = value >> 4 & 3
        if access == 0 {
            if self.latch == null { self.latch = self.value & 0xFFFF }
            return
        }
        self.access = access
        self.mode = value >> 1 & 7
        if self.mode > 5 { self.mode -= 4 }
        self.write_high = false
        self.read_high = false
        self.output = self.mode != 0
        self.armed = false
    }
    fn write(self, value: int) {
        match self.access {
            1 => self.start(value)
            2 => self.start(value << 8)
            _ => {
                if self.write_high {
                    self.start(value << 8 | self.pending)
                } else {
                    self.pending = value
                }
                self.write_high = !self.write_high
            }
        }
    }
    fn start(self, count: int) {
        self.reload = count
        if count == 0 { self.reload = 0x10000 }
        self.value = self.reload
        self.armed = true
        if self.mode == 0 { self.output = false }
    }
    fn read(self) -> int {
        let value = self.latch ?? self.value & 0xFFFF
        if self.access == 1 {
            self.latch = null
            return low(value)
        }
        if self.access == 2 {
            self.latch = null
            return high(value)
        }
        self.read_high = !self.read_high
        if self.read_high { return low(value) }
        self.latch = null
        return high(value)
    }
    # So many cycles pass; how often its output rose
    fn run(self, cycles: int) -> int {
        if !self.armed { return 0 }
        if self.mode == 0 {
            let before = self.value
            self.value -= cycles
            if before > 0 && self.value <= 0 {
                self.output = true
                self.value &= 0xFFFF
                self.armed = false
                return 1
            }
            return 0
        }
        let left = self.value - cycles
        if left > 0 {
            self.value = left
            return 0
        }
        let rises = 1 + -left // self.reload
        self.value = self.reload - -left % self.reload
        return rises
    }
}

class Pit extends Device {
    fn init(self) {
        self.name = "pit"
        self.counters = [Counter(n) for n in 0..3]
        self.fraction = 0
    }
    fn ports(self) { return [(0x40, 4)] }
    fn reset(self) { for counter in self.counters { counter.reset() } }
    fn io_write(self, port: int, value: int) {
        if port < 0x43 { return self.counters[port - 0x40].write(value) }
        let which = value >> 6
        if which < 3 { return self.counters[which].command(value) }
        for n in 0..3 {  # read back
            if has_bit(value, n + 1) && !has_bit(value, 5) { self.counters[n].command(0) }
        }
    }
    fn io_read(self, port: int) -> int {
        if port == 0x43 { return 0xFF }
        return self.counters[port - 0x40].read()
    }
    fn tick(self, nanoseconds: int) {
        let scaled = nanoseconds * PIT_HZ + self.fraction
        let cycles = scaled // 1000000000
        self.fraction = scaled % 1000000000
        for counter in self.counters {
            let rises = counter.run(cycles)
            counter.edges += rises
            if counter.number == 0 && rises > 0 {
                self.bus.set_line(0, false)
                self.bus.set_line(0, true)
            }
        }
    }
    fn save(self) { return {values: [c.value for c in self.counters], reloads: [c.reload for c in self.counters], fraction: self.fraction} }
    fn load(self, state) {
        self.fraction = state.fraction
        for i, c in self.counters {
            c.value = state.values[i]
            c.reload = state.reloads[i]
        }
    }
}

# ---- A 16550A -----------------------------------------------------------------------------------------------------------------------------

class Fifo {
    fn init(self, capacity: int) {
        self.items = array(capacity, 0)
        self.first = 0
        self.count = 0
    }
    fn push(self, value: int) -> bool {
        if self.count == len(self.items) { return false }
        self.items[(self.first + self.count) % len(self.items)] = value
        self.count += 1
        return true
    }
    fn pop(self) -> int {
        assert self.count > 0, "the queue is empty"
        let value = self.items[self.first]
        self.first = (self.first + 1) % len(self.items)
        self.count -= 1
        return value
    }
    fn clear(self) {
        self.first = 0
        self.count = 0
    }
    fn list(self) { return [self.items[(self.first + i) % len(self.items)] for i in 0..self.count] }
}

class Uart extends Device {
    fn init(self, base: int, irq: int) {
        self.name = "uart${base:x}"
        self.base = base
        self.irq = irq
        self.sink = fn(byte) { pass }
        self.reset()
    }
    fn ports(self) { return [(self.base, 8)] }
    fn reset(self) {
        self.rx = Fifo(16)
        self.ier = 0
        self.fcr = 0
        self.lcr = 0
        self.mcr = 0
        self.scr = 0
        self.divisor = 1
        self.thre_pending = false
        self.overrun = false
    }
    fn dlab(self) -> bool { return has_bit(self.lcr, 7) }
    fn trigger(self) -> int {
        if !has_bit(self.fcr, 0) { return 1 }
        return [1, 4, 8, 14][self.fcr >> 6]
    }
    fn cause(self) -> int {
        if has_bit(self.ier, 2) && self.overrun { return 6 }
        if has_bit(self.ier, 0) && self.rx.count >= self.trigger() { return 4 }
        if has_bit(self.ier, 0) && self.rx.count > 0 { return 12 }
        if has_bit(self.ier, 1) && self.thre_pending { return 2 }
        return 1
    }
    fn update(self) { self.bus.set_line(self.irq, self.cause() != 1 && has_bit(self.mcr, 3)) }
    fn receive(self, byte: int) {
        if !self.rx.push(byte) { self.overrun = true }
        self.update()
    }
    fn io_read(self, port: int) -> int {
        let mut value = 0xFF
        switch port - self.base {
            case 0:
                if self.dlab() { return low(self.divisor) }
                value = 0
                if self.rx.count > 0 { value = self.rx.pop() }
            case 1:
                if self.dlab() { return high(self.divisor) }
                value = self.ier
            case 2:
                value = self.cause()
                if value == 2 { self.thre_pending = false }
                if has_bit(self.fcr, 0) { value |= 0xC0 }
            case 3: value = self.lcr
            case 4: value = self.mcr
            case 5:
                value = 0x60 | int(self.rx.count > 0) | int(self.overrun) << 1
                self.overrun = false
            case 6: value = 0xB0
            case 7: value = self.scr
        }
        self.update()
        return value
    }
    fn io_write(self, port: int, value: int) {
        switch port - self.base {
            case 0:
                if self.dlab() {
                    self.divisor = self.divisor & 0xFF00 | value
                } else {
                    if has_bit(self.mcr, 4) { self.receive(value) } else { self.sink(value) }
                    self.thre_pending = true
                }
            case 1:
                if self.dlab() {
                    self.divisor = self.divisor & 0xFF | value << 8
                } else {
                    if has_bit(value, 1) && !has_bit(self.ier, 1) { self.thre_pending = true }
                    self.ier = value & 15
                }
            case 2:
                self.fcr = value
                if has_bit(value, 1) { self.rx.clear() }
            case 3: self.lcr = value
            case 4: self.mcr = value & 31
            case 7: self.scr = value
        }
        self.update()
    }
    fn save(self) { return {rx: self.rx.list(), ier: self.ier, fcr: self.fcr, lcr: self.lcr, mcr: self.mcr, scr: self.scr, divisor: self.divisor} }
    fn load(self, state) {
        self.rx.clear()
        for byte in state.rx { self.rx.push(byte) }
        self.ier = state.ier
        self.fcr = state.fcr
        self.lcr = state.lcr
        self.mcr = state.mcr
        self.scr = state.scr
        self.divisor = state.divisor
    }
}

# ---- An IDE disk --------------------------------------------------------------------------------------------------------------------------

const SECTOR = 512

module Ata {
    const BSY = 0x80
    const DRDY = 0x40
    const DSC = 0x10
    const DRQ = 0x08
    const ERR = 0x01
    const ABRT = 0x04
    const IDNF = 0x10
    const READ = 0x20
    const WRITE = 0x30
    const IDENTIFY = 0xEC
    const FLUSH = 0xE7
    const SET_MULTIPLE = 0xC6
}

class Disk {
    fn init(self, sectors: int) {
        self.sectors = sectors
        self.written = {}
    }
    fn read(self, lba: int) -> array<int> {
        if self.written.has(lba) { return copy(self.written[lba]) }
        return [(lba * 7 + i) & 0xFF for i in 0..SECTOR]  # what an untouched sector holds here
    }
    fn write(self, lba: int, data: array<int>) {
        assert len(data) == SECTOR
        self.written[lba] = copy(data)
    }
}

class Ide extends Device {
    fn init(self, disk) {
        self.name = "ide"
        self.disk = disk
        self.reset()
    }
    fn ports(self) { return [(0x1F0, 8), (0x3F6, 1)] }
    fn reset(self) {
        self.error = 1
        self.status = Ata.DRDY | Ata.DSC
        self.count = 1
        self.lba = 1
        self.device = 0xA0
        self.control = 0
        self.buffer = []
        self.at = 0
        self.left = 0
        self.writing = false
    }
    fn signal(self) { if !has_bit(self.control, 1) { self.bus.set_line(14, true) } }
    fn address(self) -> int { return (self.device & 15) << 24 | self.lba }
    fn fail(self, error: int) {
        self.error = error
        self.status = Ata.DRDY | Ata.DSC | Ata.ERR
        self.buffer = []
        self.signal()
    }
    fn offer(self, data) {
        self.buffer = data
        self.at = 0
        self.status = Ata.DRDY | Ata.DSC | Ata.DRQ
        self.signal()
    }
    fn finish(self) {
        self.buffer = []
        self.status = Ata.DRDY | Ata.DSC
    }
    fn identify(self) {
        let words = array(256, 0)
        words[0] = 0x40
        words[1] = 16383
        words[3] = 16
        words[6] = 63
        words[49] = 0x200
        words[60] = self.disk.sectors & 0xFFFF
        words[61] = self.disk.sectors >> 16
        let text = fn(first, size, value) {
            let padded = value + " " * (size - len(value))
            for i in 0..size // 2 { words[first + i] = ord(padded[2 * i]) << 8 | ord(padded[2 * i + 1]) }
        }
        text(10, 20, "NYX0001")
        text(23, 8, "1.0")
        text(27, 40, "NYX CONFORMANCE DISK")
        let bytes = []
        for word in words {
            bytes.push(low(word))
            bytes.push(high(word))
        }
        return bytes
    }
    fn command(self, value: int) {
        self.error = 0
        self.bus.set_line(14, false)
        if has_bit(self.device, 4) { return self.fail(Ata.ABRT) }  # there is no second disk
        self.left = self.count
        if self.count == 0 { self.left = 256 }
        switch value {
            case Ata.IDENTIFY: {
                self.left = 1
                self.writing = false
                self.offer(self.identify())
            }
            case Ata.READ, 0x21: {
                self.writing = false
                self.next_read()
            }
            case Ata.WRITE, 0x31: {
                if self.address() + self.left > self.disk.sectors { return self.fail(Ata.IDNF) }
                self.writing = true
                self.buffer = array(SECTOR, 0)
                self.at = 0
                self.status = Ata.DRDY | Ata.DSC | Ata.DRQ
            }
            case Ata.FLUSH: {
                self.finish()
                self.signal()
            }
            default: self.fail(Ata.ABRT)
        }
    }
    fn next_read(self) {
        if self.address() >= self.disk.sectors { return self.fail(Ata.IDNF) }
        self.offer(self.disk.read(self.address()))
    }
    fn advance(self) {
        let next = self.address() + 1
        self.lba = next & 0xFFFFFF
        self.device = self.device & 0xF0 | next >> 24 & 15
        self.left -= 1
    }
    fn io_read16(self, port: int) -> int {
        if (self.status & Ata.DRQ) == 0 || self.writing { return 0xFFFF }
        let word = self.buffer[self.at] | self.buffer[self.at + 1] << 8
        self.at += 2
        if self.at == len(self.buffer) {
            self.advance()
            if self.left == 0 { self.finish() } else { self.next_read() }
        }
        return word
    }
    fn io_write16(self, port: int, value: int) {
        if (self.status & Ata.DRQ) == 0 || !self.writing { return }
        self.buffer[self.at] = low(value)
        self.buffer[self.at + 1] = high(value)
        self.at += 2
        if self.at < SECTOR { return }
        self.disk.write(self.address(), self.buffer)
        self.advance()
        self.at = 0
        if self.left == 0 { self.finish() }
        self.signal()
    }
    fn io_read(self, port: int) -> int {
        switch port {
            case 0x1F1: return self.error
            case 0x1F2: return self.count
            case 0x1F3: return low(self.lba)
            case 0x1F4: return high(self.lba)
            case 0x1F5: return self.lba >> 16
            case 0x1F6: return self.device
            case 0x1F7: {
                self.bus.set_line(14, false)
                return self.status
            }
            case 0x3F6: return self.status
        }
        return low(self.io_read16(port))
    }
    fn io_write(self, port: int, value: int) {
        switch port {
            case 0x1F2: self.count = value
            case 0x1F3: self.lba = self.lba & 0xFFFF00 | value
            case 0x1F4: self.lba = self.lba & 0xFF00FF | value << 8
            case 0x1F5: self.lba = self.lba & 0x00FFFF | value << 16
            case 0x1F6: self.device = value | 0xA0
            case 0x1F7: self.command(value)
            case 0x3F6: {
                if has_bit(value, 2) { self.reset() }
                self.control = value
            }
        }
    }
    fn save(self) { return {lba: self.lba, count: self.count, device: self.device, status: self.status, written: copy(self.disk.written)} }
    fn load(self, state) {
        self.lba = state.lba
        self.count = state.count
        self.device = state.device
        self.status = state.status
        self.disk.written = copy(state.written)
    }
}

# ---- CMOS and its clock -------------------------------------------------------------------------------------------------------------------

class Cmos extends Device {
    fn init(self, year: int, month: int, day: int) {
        self.name = "cmos"
        self.index = 0
        self.memory = array(128, 0)
        self.memory[0x0B] = 2
        self.memory[0x0D] = 0x80
        self.nanoseconds = 0
        self.set_date(year, month, day)
    }
    fn ports(self) { return [(0x70, 2)] }
    fn set_date(self, year: int, month: int, day: int) {
        self.memory[9] = bcd(year % 100)
        self.memory[0x32] = bcd(year // 100)
        self.memory[8] = bcd(month)
        self.memory[7] = bcd(day)
    }
    fn number(self, index: int) -> int {
        let value = self.memory[index]
        return (value >> 4) * 10 + (value & 15)
    }
    fn days_in_month(self) -> int {
        let year = self.number(0x32) * 100 + self.number(9)
        let month = self.number(8)
        if month == 2 && (year % 4 == 0 && year % 100 != 0 || year % 400 == 0) { return 29 }
        return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
    fn second(self) {
        for (index, limit) in [(0, 60), (2, 60), (4, 24)] {
            let next = self.number(index) + 1
            if next < limit {
                self.memory[index] = bcd(next)
                return
            }
            self.memory[index] = 0
        }
        let day = self.number(7) + 1
        if day <= self.days_in_month() {
            self.memory[7] = bcd(day)
            return
        }
        self.memory[7] = 1
        if self.number(8) < 12 {
            self.memory[8] = bcd(self.number(8) + 1)
            return
        }
        let year = self.number(0x32) * 100 + self.number(9) + 1
        self.set_date(year, 1, 1)
    }
    fn tick(self, nanoseconds: int) {
        self.nanoseconds += nanoseconds
        while self.nanoseconds >= 1000000000 {
            self.nanoseconds -= 1000000000
            self.second()
            if has_bit(self.memory[0x0B], 4) {
                self.memory[0x0C] |= 0x90
                self.bus.set_line(8, true)
            }
        }
    }
    fn io_write(self, port: int, value: int) {
        if port == 0x70 { self.index = value & 0x7F } else { self.memory[self.index] = value }
    }
    fn io_read(self, port: int) -> int {
        if port == 0x70 { return 0xFF }
        let value = self.memory[self.index]
        if self.index == 0x0C {
            self.memory[0x0C] = 0
            self.bus.set_line(8, false)
        }
        return value
    }
    fn text(self) -> string {
        let n = fn(index) { return self.number(index) }
        return "${n(0x32):02}${n(9):02}-${n(8):02}-${n(7):02} ${n(4):02}:${n(2):02}:${n(0):02}"
    }
    fn save(self) { return {memory: copy(self.memory), nanoseconds: self.nanoseconds} }
    fn load(self, state) {
        self.memory = copy(state.memory)
        self.nanoseconds = state.nanoseconds
    }
}

# ---- A keyboard controller ----------------------------------------------------------------------------------------------------------------

const SCANCODES = fn() {
    let codes = {"\n": 0x1C, " ": 0x39, "1": 0x02}
    for row, first in {"qwertyuiop": 0x10, "asdfghjkl": 0x1E, "zxcvbnm": 0x2C} {
        for i, c in row { codes[c] = first + i }
    }
    return codes
}()

class Keyboard extends Device {
    fn init(self) {
        self.name = "keyboard"
        self.queue = Fifo(16)
        self.config = 0x61
        self.pending = 0
        self.resets = 0
        self.leds = 0
    }
    fn ports(self) { return [(0x60, 1), (0x64, 1)] }
    fn put(self, byte: int) {
        self.queue.push(byte)
        self.update()
    }
    fn update(self) { self.bus.set_line(1, self.queue.count > 0 && has_bit(self.config, 0)) }
    fn press(self, text: string) {
        for c in text.lower() {
            self.put(SCANCODES[c])
            self.put(SCANCODES[c] | 0x80)
        }
    }
    fn io_read(self, port: int) -> int {
        if port == 0x64 { return int(self.queue.count > 0) | 0x14 }
        if self.queue.count == 0 { return 0 }
        let byte = self.queue.pop()
        self.bus.set_line(1, false)
        self.update()
        return byte
    }
    fn io_write(self, port: int, value: int) {
        if port == 0x64 {
            match value {
                0x20 => self.put(self.config)
                0x60 | 0xD4 => self.pending = value
                0xAA => self.put(0x55)
                0xFE => self.resets += 1
                _ => LOG.say("keyboard", "command ${value:#x}")
            }
            return
        }
        if self.pending == 0x60 {
            self.config = value
        } else if self.pending == 0xED {
            self.leds = value
            self.put(0xFA)
        } else {
            self.put(0xFA)
            if value == 0xFF { self.put(0xAA) }
            if value == 0xED {
                self.pending = 0xED
                return
            }
        }
        self.pending = 0
    }
    fn save(self) { return {queue: self.queue.list(), config: self.config} }
    fn load(self, state) {
        self.queue.clear()
        for byte in state.queue { self.queue.push(byte) }
        self.config = state.config
    }
}

# ---- A machine, and drivers for it --------------------------------------------------------------------------------------------------------

class Pc {
    fn init(self) {
        self.bus = Bus()
        self.pics = PicPair(self.bus)
        self.pit = self.bus.add(Pit())
        self.com1 = self.bus.add(Uart(0x3F8, 4))
        self.com2 = self.bus.add(Uart(0x2F8, 3))
        self.disk = Disk(4096)
        self.ide = self.bus.add(Ide(self.disk))
        self.cmos = self.bus.add(Cmos(2023, 12, 31))
        self.keyboard = self.bus.add(Keyboard())
        self.handlers = {}
        self.served = {}
    }
    fn on(self, vector: int, handler) { self.handlers[vector] = handler }
    # What the processor does between instructions
    fn serve(self) -> int {
        let mut count = 0
        while self.pics.pending() {
            let vector = self.pics.acknowledge()
            self.served[vector] = self.served.get(vector, 0) + 1
            let handler = self.handlers.get(vector)
            if handler != null { handler() }
            if vector >= 0x28 { self.bus.outb(0xA0, 0x20) }
            self.bus.outb(0x20, 0x20)
            count += 1
            if count > 1000 { throw "an interrupt storm: ${self.served}" }
        }
        return count
    }
    fn elapse(self, milliseconds: int) {
        for i in 0..milliseconds {
            self.bus.tick(1000000)
            self.serve()
        }
    }
}

class PicDriver {
    fn init(self, bus) { self.bus = bus }
    fn setup(self, master: int, slave: int) {
        for (port, value) in [(0x20, 0x11), (0x21, master), (0x21, 4), (0x21, 1), (0xA0, 0x11), (0xA1, slave), (0xA1, 2), (0xA1, 1)] { self.bus.outb(port, value) }
        self.bus.outb(0x21, 0xFB)
        self.bus.outb(0xA1, 0xFF)
    }
    fn enable(self, line: int) {
        let mut port = 0x21
        if line >= 8 { port = 0xA1 }
        self.bus.outb(port, self.bus.inb(port) & ~bit(line & 7))
    }
}

class UartDriver {
    fn init(self, bus, base: int) {
        self.bus = bus
        self.base = base
        self.received = []
    }
    fn out(self, register: int, value: int) { self.bus.outb(self.base + register, value) }
    fn get(self, register: int) -> int { return self.bus.inb(self.base + register) }
    fn probe(self) -> bool {
        for pattern in [0x5A, 0xA5] {
            self.out(7, pattern)
            if self.get(7) != pattern { return false }
        }
        return true
    }
    fn setup(self, baud: int) {
        let divisor = 115200 // baud
        self.out(3, 0x80)
        self.out(0, low(divisor))
        self.out(1, high(divisor))
        self.out(3, 3)
        self.out(2, 0x47)
        self.out(4, 0x0B)
        self.out(1, 1)
    }
    fn write(self, text: string) {
        for c in text {
            while !has_bit(self.get(5), 5) { }
            self.out(0, ord(c))
        }
    }
    fn interrupt(self) {
        while true {
            let cause = self.get(2) & 15
            if has_bit(cause, 0) { return }
            switch cause {
                case 4, 12: while has_bit(self.get(5), 0) { self.received.push(chr(self.get(0))) }
                case 6: self.get(5)
                default: pass
            }
        }
    }
    fn loopback(self, byte: int) -> int {
        self.out(4, 0x1B)
        self.out(0, byte)
        let back = self.get(0)
        self.out(4, 0x0B)
        return back
    }
}

class DiskError {
    command: int
    error: int
}

class IdeDriver {
    fn init(self, bus) {
        self.bus = bus
        self.interrupts = 0
    }
    fn wait(self, command: int) {
        for i in 0..1000 {
            let status = self.bus.inb(0x1F7)
            if (status & Ata.BSY) != 0 { continue }
            if (status & Ata.ERR) != 0 { throw DiskError(command, self.bus.inb(0x1F1)) }
            return
        }
        throw "the disk is busy for ever"
    }
    fn select(self, lba: int, count: int, command: int) {
        self.bus.outb(0x1F6, 0xE0 | lba >> 24 & 15)
        self.bus.outb(0x1F2, count)
        self.bus.outb(0x1F3, lba)
        self.bus.outb(0x1F4, lba >> 8)
        self.bus.outb(0x1F5, lba >> 16)
        self.bus.outb(0x1F7, command)
        self.wait(command)
    }
    fn words(self, count: int) -> array<int> {
        let bytes = []
        for i in 0..count {
            let word = self.bus.inw(0x1F0)
            bytes.push(low(word))
            bytes.push(high(word))
        }
        return bytes
    }
    fn identify(self) {
        self.select(0, 1, Ata.IDENTIFY)
        let bytes = self.words(256)
        let word = fn(n) { return bytes[2 * n] | bytes[2 * n + 1] << 8 }
        let text = fn(first, size) {
            let parts = []
            for i in 0..size // 2 {
                parts.push(chr(high(word(first + i))))
                parts.push(chr(low(word(first + i))))
            }
            return parts.join().trim()
        }
        return {model: text(27, 40), serial: text(10, 20), sectors: word(60) | word(61) << 16}
    }
    fn read(self, lba: int, count: int) -> array<int> {
        self.select(lba, count, Ata.READ)
        return self.words(256 * count)
    }
    fn write(self, lba: int, data: array<int>) {
        let count = len(data) // SECTOR
        self.select(lba, count, Ata.WRITE)
        for (i = 0; i < len(data); i += 2) { self.bus.outw(0x1F0, data[i] | data[i + 1] << 8) }
        self.bus.outb(0x1F7, Ata.FLUSH)
        self.wait(Ata.FLUSH)
    }
}

# ---- What happens -------------------------------------------------------------------------------------------------------------------------

pc = Pc()
pics = PicDriver(pc.bus)
pics.setup(0x20, 0x28)
print("masks:", hex(pc.bus.inb(0x21)), hex(pc.bus.inb(0xA1)))

# The timer at 100 Hz for a second
ticks = 0
pc.on(0x20, fn() { ticks += 1 })
pics.enable(0)
divisor = PIT_HZ // 100
for value in [0x34] { pc.bus.outb(0x43, value) }
pc.bus.outb(0x40, low(divisor))
pc.bus.outb(0x40, high(divisor))
pc.elapse(1000)
pc.bus.outb(0x43, 0)
latched = pc.bus.inb(0x40) | pc.bus.inb(0x40) << 8
print("timer:", ticks, "ticks,", "counter below reload:", latched <= divisor)

# The serial ports
line = []
pc.com1.sink = fn(byte) { line.push(chr(byte)) }
serial = UartDriver(pc.bus, 0x3F8)
print("uart:", serial.probe(), UartDriver(pc.bus, 0x3E8).probe())
serial.setup(9600)
pc.on(0x24, fn() { serial.interrupt() })
pics.enable(4)
serial.write("Hello, PC")
for c in "typed text" {
    pc.com1.receive(ord(c))
    pc.serve()
}
print("sent:", line.join(), "received:", serial.received.join(), "divisor:", pc.com1.divisor, "loop:", serial.loopback(0x42))
for i in 0..20 { pc.com2.receive(i) }
print("overrun:", hex(pc.bus.inb(0x2FD)), hex(pc.bus.inb(0x2FD)), [pc.bus.inb(0x2F8) for i in 0..17])

# The disk
ide = IdeDriver(pc.bus)
print("disk:", ide.identify())
before = ide.read(100, 2)
print("sectors:", len(before), before[:4], before[512:516])
pattern = [(i * i) & 0xFF for i in 0..2 * SECTOR]
ide.write(100, pattern)
after = ide.read(99, 4)
print("written:", after[512:1536] == pattern, after[:3], pc.disk.written.keys())
for (lba, count) in [(4095, 2), (70000, 1)] {
    try { print(len(ide.read(lba, count))) } catch e { print("refused:", e.command, e.error) }
}
try { ide.select(0, 1, 0x99) } catch e { print("refused:", hex(e.command), "abort" * int(e.error == Ata.ABRT)) }

# The clock over the turn of a year, and over a leap day
pc.cmos.memory[4] = 0x23
pc.cmos.memory[2] = 0x59
pc.cmos.memory[0] = 0x58
print("clock:", pc.cmos.text())
alarms = 0
pc.on(0x28, fn() {
    pc.bus.outb(0x70, 0x0C)
    alarms += int(has_bit(pc.bus.inb(0x71), 4))
})
pc.bus.outb(0x70, 0x0B)
pc.bus.outb(0x71, 0x12)
pics.enable(8)
pc.elapse(3000)
print("clock:", pc.cmos.text(), "alarms:", alarms)
leap = Cmos(2024, 2, 28)
leap.bus = pc.bus
leap.memory[0x0B] = 2
for i in 0..2 * 86400 { leap.second() }
print("leap:", leap.text())

# The keyboard
typed = []
letters = {}
for c, code in SCANCODES { letters[code] = c }
pc.on(0x21, fn() {
    let code = pc.bus.inb(0x60)
    if letters.has(code) { typed.push(letters[code]) }
})
pics.enable(1)
for word in ["nyx", " ", "runs"] {
    pc.keyboard.press(word)
    pc.serve()
}
print("typed:", typed.join())
pc.bus.outb(0x64, 0xAA)
pc.serve()
pc.bus.outb(0x60, 0xED)
pc.bus.outb(0x60, 7)
pc.bus.outb(0x64, 0xFE)
print("leds:", pc.keyboard.leds, "resets:", pc.keyboard.resets)

# Priorities: what comes at once is served in order; a rotated controller begins elsewhere
order = []
for line_number in [0x20, 0x21, 0x23, 0x24] {
    let vector = line_number
    pc.on(vector, fn() { order.push(vector) })
}
pics.enable(3)
for n in [4, 1, 3] {
    pc.bus.set_line(n, false)
    pc.bus.set_line(n, true)
}
pc.serve()
pc.bus.outb(0x20, 0xC2)
for n in [1, 3, 4] {
    pc.bus.set_line(n, false)
    pc.bus.set_line(n, true)
}
pc.serve()
print("order:", [hex(v) for v in order])

# Saving and restoring
state = pc.bus.save()
other = Pc()
other.bus.load(state)
print("restored:", other.cmos.text(), other.com1.divisor, other.disk.read(100)[:4], other.bus.save() == state)
print("unclaimed:", [hex(port) for port in pc.bus.unclaimed.keys()], "served:", len(pc.served), "kinds")
try { pc.bus.add(Uart(0x3FC, 5)) } catch e { print(e) }
