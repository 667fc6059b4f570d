# Fields are those declared and those first set through self; a name is one variable in a line of classes.
class Device {
    base = 0
    fn init(self, name: string) {
        self.name = name
        self.irq = null                                     #: irq: int?
    }
    fn attach(self, irq: int) {                             #: attach: fn(irq: int) -> Device
        self.irq = irq
        return self
    }
    fn kind(self) { return "device" }
    fn describe(self) { return kind() + name }              #: describe: fn() -> string
}
class Uart extends Device {
    fn init(self, name: string) {
        super.init(name)
        self.queue = []                                     #: queue: array<int>
    }
    fn push(self, byte: int) { self.queue.push(byte) }
    fn kind(self) { return "uart" }
}
let com1 = Uart("com1")                                     #: com1: Uart
let again = com1.attach(4)                                  #: again: Device
let irq = com1.irq                                          #: irq: int?
let text = com1.describe()                                  #: text: string
com1.speed = 9600                                           #: speed: int
let speed = com1.speed                                      #: speed: int
let devices = [com1]                                        #: devices: array<Uart>
for d in devices { print(d.name) }                          #: d: ~Uart; name: string
class Point { x: int = 0; y = 0 }
let p = Point(x: 1, y: 2)                                   #: p: Point
let y = p.y                                                 #: y: ~int
let make = Point                                            #: make: class Point
let made = make()                                           #: made: Point
module tools {
    fn half(x: float) { return x / 2 }
    let scale = 3
}
let half = tools.half(3.0)                                  #: half: float; tools: module tools
let scale = tools.scale                                     #: scale: int
let vm = ProductionVMBuilder().memory(2 GiB).cpus(2)        #: vm: ProductionVMBuilder
