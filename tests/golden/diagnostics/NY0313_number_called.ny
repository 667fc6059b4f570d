fn ports() {
    let count = 4
    return count()  #~ NY0313@12 int cannot be called
}
class Port { fn init(self, base) { self.base = base } }
fn open() { return Port(0x3f8).base(1) }
fn twice() { return Port(0x3f8)(1) }  #~ NY0313@21 a Port cannot be called
