class Shape { fn area(self) -> float { throw "abstract" } fn scale(self, k) { return self } }
class Sq extends Shape { fn init(self, s: float) { self.s = s } fn area(self) -> float { return self.s * self.s } fn scale(self, k, times = 1) { return Sq(self.s * k) } }
class Circle : Shape { r: float = 1.0; fn area(self) -> float { return 3.14 * r * r } }
fn total(shapes: array<Shape>) -> float { let mut t = 0.0; for s in shapes { t += s.area() } return t }
print(total([Sq(2.0), Circle()]))
fn pick(flag) { if flag { return Sq(1.0) } return Circle() }
print(pick(true).area(), pick(false).r)
let sq: Shape = Sq(3.0)
print(sq.scale(2, 3).area(), sq.s)
fn f(x: Shape?) -> float { if x == null { return 0.0 } return x.area() }
print(f(null), f(sq))
class A { fn init(self) { self.setup() } fn setup(self) { self.kind = "a" } }
class B extends A { fn setup(self) { self.kind = 5 } }
print(A().kind.upper(), B().kind)
module util { let version = 3; fn twice(f) { return fn(x) { return f(f(x)) } } class T { v = 1 } fn get() { return T() } }
print(util.version + 1, util.twice(fn(x) { return x + 1 })(1), util.T().v, util.get().v)
let handlers = [fn(x) { return x }, fn(x) { return x * 2 }]
for h in handlers { print(h(3)) }
let fs = {}
fs.a = fn() { return 1 }
print(fs.a(), fs["a"]())
class Reg { fn init(self) { self.map = {}; self.map["k"] = [] } fn add(self, k, v) { if !(k in self.map) { self.map[k] = [] } self.map[k].push(v) } fn get(self, k) { return self.map[k] } }
let r = Reg()
r.add("z", 1); r.add("z", "s")
print(r.get("z")[1].upper())
fn swap(a, b) { return (b, a) }
let (m, n) = swap(1, "x")
print(m.upper(), n + 1)
let mut i = 0
while i < 3 { i++ }
do_it = fn(cb) { return cb(1, 2) }
print(do_it(fn(a, b) { return a + b }))
let late = fn() { return later_fn(2) }
fn later_fn(x) { return x + 1 }
print(late())
fn mutual_a(n) { if n <= 0 { return [] } return mutual_b(n - 1) + [n] }
fn mutual_b(n) { if n <= 0 { return [] } return mutual_a(n - 1) + ["b"] }
print(mutual_a(3))
let nested = {a: {b: {c: [1, 2, {d: "x"}]}}}
print(nested.a.b.c[2].d.upper())
let un = null
print(un?.a?.b ?? "none", un?.foo(1) ?? 2)
let big = 0xFFFFFFFFFFFFFFFF
print(big & 0xff, big >> 4, (1 << 12) - 1)
class P { x: int = 0; y: int = 0; fn add(self, o: P) -> P { return P(x: self.x + o.x, y: y + o.y) } }
print(P(x: 1).add(P(y: 2)).y)
class Singleton { fn get() { return 5 } }
let cnt = {}
for w in "a b a".split() { cnt[w] = cnt.get(w, 0) + 1 }
for w, c in cnt { print(w, c + 1) }
let mat = [[0 for _ in 0..3] for _ in 0..2]
mat[1][2] = 5
print(mat[1][2] + 1, len(mat[0]))
print("%d" , "-" * 10, [0] * 3, "a" + 1, 1 + "a", "x" + null, [1] + ["a"])
let fmt = format("%d-%s", 1, "x") + "!"
assert len(fmt) > 0, "no"
let keys = cnt.keys().map(fn(k) { return k.upper() }).filter(fn(k) { return k != "" })
print(keys.join("-"), keys.first(), keys.reduce(fn(a, b) { return a + b }, ""))
let opts = {"max": 10, "rate": 0.5}
print(opts.max * opts.rate, opts["max"] + 1)
fn conf(o = {}) { return o.get("x", 1) + 1 }
print(conf(), conf({x: 2}))
fn dflt(n = 5, s = "x") { return "${n}${s}" }
print(dflt("text", 7))
let e1 = [1, 2.5]
print(e1[0] << 2)
x = 5
fn shadow() { x = "local"; return x.upper() }
