# A device that is a class: four ports that add, keep a list, and raise a line.
from vm_device_bus import Device

class Adder : Device {
    base: int = 0
    irq: int = 0
    sum: int = 0
    log: array<int> = []

    fn io_write(port: int, value: int, width: int) {
        match port - self.base {
            0 => self.sum = (self.sum + value) & 0xFF
            1 => {
                self.log.push(value)
                self.raise_irq(self.irq)
            }
            2 => { while true { self.sum += 0 } }  # a guest may try
            _ => throw "nothing is written there"
        }
    }
    fn io_read(port: int) -> int {
        match port - self.base {
            0 => return self.sum
            1 => {
                self.lower_irq(self.irq)
                return len(self.log)
            }
            2 => return self.log[7]
            _ => return 0x1234
        }
    }
}

device adder(base: ioport(4) = 0x500, irq: gsi = 5) script "Adder" {
    """Adds what it is sent."""
    bank ports: pio @base, size 4 { }
}

machine script_device {
    memory = 16 MiB
    boot   = flat(image: "script_device.bin", load: 0x100000, entry: 0x100000, mode: long64)
    adder adder { }
    serial com1 { }
    exit exit { }
}
