from vm_device_bus import Device

class Point { x: int = 0 }
class Meter : Device {
    base: int = 0
    total: int = 0
    log: array<tuple> = []
    rate: fn(int) -> int = fn(n: int) { return n * 2 }
    at: Point? = null
    points: map<string, Point> = {}
    made = null
    fn init() { self.made = Point() }
    fn snapshot() -> int { return self.total }
    fn io_write(port: int, value: int) { self.total += self.rate(value) }
}
device meter(base: ioport(1) = 0x80) script "Meter" { bank regs: pio @base, size 1 { } }

class Whole : Device {
    rate: fn(int) -> int = fn(n: int) { return n * 2 }
    total: int = 0
    fn snapshot() -> int { return self.total }
    fn restore(state: int) { self.total = state }
}
device whole(base: ioport(1) = 0x81) script "Whole" { bank regs: pio @base, size 1 { } }
