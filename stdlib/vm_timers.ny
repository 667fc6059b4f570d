"""Models of a PC's timers: 8254, MC146818 and HPET."""
from "vm_device_bus" import Device
import hardware

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
