class Uart {  #~ label@7 declared here
    fn init(self) { self.sent = [] }
    fn transmit(self, byte) { self.sent.push(byte) }
}
fn greet(port: Uart) { port.trasmit(0x41) }  #~ NY0310@29 Uart has no member `trasmit`  #~ help did you mean `transmit`?
fn text(line) {
    let words = "a b c".split(" ")
    return words.jion(",")  #~ NY0310@18 array<string> has no member `jion`  #~ help did you mean `join`?
}
class Base { fn run(self) { return self.tick() } }
class Clock extends Base { fn tick(self) { return 1 } }  #~ label@7 declared here
class Timer extends Clock { fn arm(self) { return super.tock() } }  #~ NY0310@57 Clock has no member `tock`  #~ help did you mean `tick`?
