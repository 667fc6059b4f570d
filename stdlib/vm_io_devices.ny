"""Models of a PC's devices at I/O ports, and of its simplest screen."""
from "vm_device_bus" import Device
import hardware

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
