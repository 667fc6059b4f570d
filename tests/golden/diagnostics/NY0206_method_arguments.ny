class Port {
    fn init(self, base: int, irq: int = 4) { self.base = base; self.irq = irq }
    fn write(self, value: int) { self.last = value }  #~ label@8 declared here  #~ label@8 declared here  #~ label@8 declared here
}
fn use(port: Port) {
    port.write()  #~ NY0206@10 `write` needs `value`
    port.write(1, 2)  #~ NY0206@19 `write` takes 1 argument, and this is one more
    port.write(valeu: 1)  #~ NY0206@16 `write` has no parameter `valeu`  #~ help did you mean `value`?
    return Port(0x3f8, irq: 4, irq: 3)  #~ NY0206@32 `irq` is given twice to `Port`
}
fn built_in(xs: array) { return xs.pop(1, 2) }  #~ NY0206@43 `pop` takes 1 argument, and this is one more
fn local() {
    let add = fn(a, b) { return a + b }  #~ label@15 declared here
    return add(1)  #~ NY0206@12 `fn` needs `b`
}
