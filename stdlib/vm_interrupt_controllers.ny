"""Models of a PC's interrupt controllers: the two 8259, the I/O APIC, a processor's own."""
from "vm_device_bus" import Device
import hardware

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
