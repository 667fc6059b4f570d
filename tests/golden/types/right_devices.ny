# abstract devices, registries, callbacks, dispatch tables
class Bus {
    fn init(self) { self.devices = []; self.handlers = {}; self.count = 0; self.parent = null }
    fn attach(self, device) {
        self.devices.push(device)
        device.bus = self
        self.count += 1
        return self
    }
    fn on(self, name, handler) { self.handlers[name] = handler; return self }
    fn fire(self, name, arg = null) {
        if name in self.handlers { return self.handlers[name](arg) }
        if self.parent != null { return self.parent.fire(name, arg) }
        return null
    }
    fn find(self, pred) {
        for d in self.devices { if pred(d) { return d } }
        return null
    }
}
class Dev {
    fn init(self, base) { self.base = base; self.state = null; self.log = fn(x) { return x } }
    fn reset(self) { self.state = {}; self.on_reset() }
    fn on_reset(self) { }
    fn read(self, off) { throw "abstract" }
    fn describe(self) -> string { return "${this.name()} at ${self.base:x}" }
    fn name(self) { return "dev" }
}
class Uart extends Dev {
    fn init(self, base) { super.init(base); self.fifo = []; self.ier = 0 }
    fn on_reset(self) { self.fifo = []; self.state["ier"] = 0 }
    fn read(self, off) { if off == 0 { return self.fifo.length } return self.ier }
    fn name(self) { return "uart" }
}
let bus = Bus()
bus.attach(Uart(0x3f8)).attach(Dev(0x60))
bus.on("irq", fn(n) { return n * 2 }).on("text", fn(t) { return t + "!" })
print(bus.fire("irq", 4), bus.fire("text", "x"), bus.fire("none"))
for d in bus.devices { print(d.describe(), d.bus.count) }
let u = bus.find(fn(d) { return d.name() == "uart" })
u.reset()
u.log = fn(x, y = 1) { return x + y }
print(u.log(1), u.read(0), u.state.ier)
let table = {0: fn() { return "zero" }, 1: fn() { return "one" }}
print(table[1]())
let mut node = null
for i in 0..3 { node = {value: i, next: node} }
while node != null { print(node.value); node = node.next }
fn fold(xs, f, acc) { for x in xs { acc = f(acc, x) } return acc }
print(fold([1, 2, 3], fn(a, b) { return a + b }, 0), fold(["a"], fn(a, b) { return a + b }, ""))
let mut value = 5
value = str(value)
value = value + "x"
print(value.upper())
let mut acc = 0
acc += 1.5
acc = acc * 2
print(acc)
x = [1, 2, 3]
x[0] = "s"
print(x[0].upper())
let (p, q) = (1, "b")
print(p + 1, q.upper())
switch value { case "5x": print("yes"); case "no": print("no"); default: print("d") }
match acc { 0 => print("zero"), 3.0 => print("three"), n if n > 5 => print("big"), _ => print("else") }
class Stack { items = []; fn push(self, x) { self.items = self.items + [x]; return self } fn pop(self) { let l = self.items.last(); self.items = self.items[0:-1]; return l } fn len(self) { return items.len() } }
let s = Stack()
s.push(1).push("two")
print(s.pop(), s.len())
class Node { fn init(self, v, next = null) { self.v = v; self.next = next } }
fn chain(n) { let mut head = null; for i in 0..n { head = Node(i, head) } return head }
let mut at = chain(3)
while at { print(at.v); at = at.next }
fn opt(x = null) { if x == null { x = [] } x.push(1); return x }
print(opt(), opt([0]))
fn multi(a) { if a == 1 { return 1 } else if a == 2 { return "two" } return null }
print(multi(1) + 1, multi(2).upper(), multi(3))
const NAMES = ["a", "b"]
for i, n in NAMES { print(i, n.upper()) }
for (j = 0; j < 2; j++) { print(j) }
for k in {"a": 1} { print(k.upper()) }
let sz = 4 * 1024 * 1024
let m: size = sz
print(m, m / 1 MiB, 2 * m, m * 1.5)
let t = 100 ms
print(t * 3, t / 10, 1 s / t, t % 30 ms, t < 1 s)
fn rng(n) { return range(n) }
for i in rng(3) { print(i) }
print(sum([1, 2]) + 1, max(1, 2) + 1, min([3, 4]) - 1, abs(-3) - 1, round(2.5), round(2.567, 2) + 1)
print(sorted([3, 1], reverse = true)[0] + 1, "a,b".split(",")[1].upper(), "x".length + 1, [1].length + 1)
print({"a": 1}.keys()[0].upper(), {"a": 1}.get("b", 0) + 1, {"a": 1}.items()[0])
let text = "abc"
print(text[0].upper(), text[1:].upper(), text[-1] + "x")
print(1 in [1], "a" in "abc", "k" in {"k": 1}, 3 in 0..5)
print(not true, !false, -5, ~5, 5 // 2, 5 % 3, 2 ** 3, 2 ** 0.5, 7 / 2 + 1)
let both = null ?? "x"
print(both.upper())
class Cfg { name: string = "x"; size: int = 4; opts: map = {}; cb: any = null }
let c = Cfg(name: "y", size: 5)
c.opts["a"] = 1
c.cb = fn() { return 3 }
print(c.cb(), c.name.upper())
fn variadic(a, b = 2, c = 3) { return a + b + c }
print(variadic(1), variadic(1, c: 5), variadic(1, 2, 3))
try { throw {code: 5} } catch e { print(e.code) }
try { throw "text" } catch e { print(e.upper()) }
try { [1][5] } catch e { print(e.message, e.kind) } finally { print("done") }
fn early(x) -> int { try { return int(x) } catch e { return -1 } }
print(early("5"), early("y"))
fn loopy() -> int { while true { let z = 1; if z { break } } return 1 }
fn loopy2() -> int { for (;;) { return 5 } }
print(loopy(), loopy2())
fn sw(x) -> string { switch x { case 1: return "a"; default: return "b" } }
fn mt(x: int) -> string { match x { 1 => { return "a" }, _ => { return "b" } } }
fn mt2(x: bool) -> string { match x { true => { return "a" }, false => { return "b" } } }
print(sw(1), mt(2), mt2(true))
let obj = {name: "n", go: fn(self) { return 5 }}
print(obj.name.upper(), obj.go(1))
print(type(obj) == "map", str(5) + "x", int("5") + 1, float("2") * 2, bool(0), hex(255).upper())
