typealias Address = int
const LIMIT: int = 1_000; let mut y: int? = null
fn add(a, b: int = 2) -> int { return a + b }
class Point extends Base {
    x = 0
    fn init(self, x) { self.x = x; super.init() }
}
module tools { }
device = 1; test = 2; on = 3; machine = from + use
o.default.in(match = 1, from: 2)
if not x and y in xs or true { pass } else { throw null }
for k, v in m { continue }
while i <= 10 { i += 1; break }
switch x { case 1: y = 1.5e3
    default: y = 0o17 }
match x { 1 | 2 => raise e
    _ => assert false, "\t\u{41}\q" }
try { risky() } catch e { } finally { }
sizes = [512MiB, 1 Gbit/s, 2.4 GHz, 5 parsecs]
text = """several ${lines:x}
and a " quote"""
open = "no end
derive line = reg
