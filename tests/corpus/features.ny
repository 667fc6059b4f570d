"""Every form of the language once, for the parser."""
import std.boards.pc
import "legacy"
use systems
use "hardware";
from logging import debug, info
from "metrics" import report
import vm_core as core; import a.b.c

typealias Address = int
typealias Handler = fn(int, string?) -> bool
const LIMIT = 1_000
let x = 0x1F + 0o17 - 0b101 * 1.5e3 / 2
let mut y: int? = null
let a, b = (1, 2)
let (c, d) = pair()
let nothing: map<string, array<int>>
let typed: map<string, array<int>> = {}
plain = 'single \'quoted\' text'
i, j = j, i
i += 1; i -= 1; i *= 2; i /= 2; i %= 2; i |= 1; i &= 1; i ^= 1; i <<= 1; i >>= 1
i++; i--
text = "tab\t ${name} and ${ctx.rip:08x} and ${f("inner ${deep}", {a: 1}["a"])} cost \$5 $ $$"
long = """Several lines,
    one ${value:x} inside, a " quote and "" two
    """
empty = ""
logic = a ?? b || c or d && e and not f | g ^ h & i == j != k
order = a < b > c <= d >= e in f << 1 >> 2 .. 3 + 4 - 5 * 6 / 7 % 8 // 9 - -10 ** 2 ** 3
inside = x not in xs
chain = vm
    .memory(2 GiB)
    ?.cpus(2)

    # a comment between
    .disk("a", bus: virtio, readonly = true,)[0][1:2][:3][4:][:].b.default.in
sum = 1 +
    2
big = a >
    b
tuple = (1, "two", 3.0,); one = (1,); unit = (); group = (1 + 2) * 3
list = [1, 2,
    3,
]
squares = [n * n for n in 0..10 if n % 2 == 0]
pairs = [k for k, v in m]
map = { "quoted": 1, bare: 2, 3: "three", default: 4, in: 5,
    nested: { a: [1, { b: 2 }] },
}
call(from = 1, default: 2, match = 3, fn(q) { return q })
sizes = [512 MiB, 100 ms, 1 Gbit/s, 2.4 GHz, 5ms, 10 s, 3 B/s]

fn add(a, b: int = 2, c: [int] = [], d: fn(int) -> bool = null) -> int {
    """Adds."""
    return a + b
}
fn nothing_to_do() { }
fn declared(port: int) -> int
fn many() -> map<string, int> { return { "a": 1 }, 2 }

class Base { }
class Point extends Base {
    """A point."""
    x = 0; y: int
    name: string = "p"
    const ORIGIN = 0
    fn init(self, x, y) { self.x = x; self.y = y }
    fn length(self) -> float { return sqrt(this.x ** 2 + y ** 2) }
    fn parent() { super.init(1); return super }
}
class Gpio : Base { fn io_read(port: int) -> int { return 0xFF } }

module tools {
    """Tools."""
    fn helper() { pass }
    const VERSION = 1
}

if x { y = 1 }
if (x) { y = 1 } else if (y) { y = 2 } else { y = 3 }
if x {
    y = 1
}
else if z {
    y = 2
}
else {
    y = 3
}
while i < 10 { if i == 5 { break }; continue }
for (i = 0; i < 10; i++) { print(i) }
for (let k = 0; k < 3; k += 1) { }
for (;;) { break }
for v in xs { }
for (v in xs) { }
for k, v in m { }
for (k, v in m) { }
for (k, v) in m { }
switch x {
    case 1: y = 1
    case 2, 3:
        y = 2
        break
    case 4: { y = 4 }
    case 5 { y = 5 }
    default: y = 0
}
switch (x) { default: pass }
match x {
    1 | 2 => y = 1
    n if n > 3 => { y = n }, "text" => print("t"), 7 => return
    _ => throw "no"
}
try { risky() } catch (e) { print(e) } finally { done() }
try { risky() }
catch e { raise e }
try { } catch { }
try { } finally { }
assert x == 1, "message"
assert(x == 1, "message")
{ let scoped = 1 }
print("done"); ;
