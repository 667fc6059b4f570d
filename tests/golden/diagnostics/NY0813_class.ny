from vm_device_bus import Device

class Point { x: int = 0 }
class Meter : Device {
    base: int = 0
    total: int = 0
    log: array<tuple> = []
    rate: fn(int) -> int = fn(n: int) { return n * 2 }  #~ NY0813@5 `rate` is not part of the device's saved state  #~ help saved are numbers, truth values, texts, and lists and maps of such; or the class says it itself, by `snapshot()` and `restore(state)`
    at: Point? = null  #~ NY0813@5 `at` is not part of the device's saved state  #~ help saved are numbers, truth values, texts, and lists and maps of such; or the class says it itself, by `snapshot()` and `restore(state)`
    points: map<string, Point> = {}  #~ NY0813@5 `points` is not part of the device's saved state  #~ help saved are numbers, truth values, texts, and lists and maps of such; or the class says it itself, by `snapshot()` and `restore(state)`
    made = null  #~ NY0813@5 `made` is not part of the device's saved state  #~ help saved are numbers, truth values, texts, and lists and maps of such; or the class says it itself, by `snapshot()` and `restore(state)`
    fn init() { self.made = Point() }
    fn snapshot() -> int { return self.total }  #~ NY0813@8 `snapshot()` is not called without `restore(state)`  #~ help a class that has both says itself what is saved; of others the fields are
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
