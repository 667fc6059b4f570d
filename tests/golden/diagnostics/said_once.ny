# What is found before the program runs is not said again when it runs.
class A { fn init(self, x: int) { self.x = x } fn m(self, y: int) { return self.x + y } }  #~ label@25 declared here  #~ label@51 declared here  #~ label@59 declared here  #~ label@7 declared here  #~ label@7 declared here  #~ label@51 declared here
let a = A("text" + "x")  #~ NY0209@11 parameter `x` is int, and this is string
let b = A(1)
b.m()  #~ NY0206@3 `m` needs `y`
b.m("s" + "t")  #~ NY0209@5 parameter `y` is int, and this is string
b.nothing()  #~ NY0310@3 A has no member `nothing`
b.missing  #~ NY0310@3 A has no member `missing`
let c = 1 - "x"  #~ NY0311@11 `-` does not work on int and string  #~ label@9 an int  #~ label@13 a string
c.further()
for x in 5 { print(x) }  #~ NY0319@10 int cannot be iterated  #~ help to count, write `0..5`
let d = 5
d()  #~ NY0313@1 int cannot be called
d[0]  #~ NY0319@1 int cannot be indexed
let mut e: int = 1  #~ label@9 declared here
e = "a" + "b"  #~ NY0209@5 `e` is int, and this is string
fn f(x: int) -> int { return "a" + x }  #~ NY0209@30 the result is int, and this is string  #~ label@17 declared here
f(1)
print(f(2) + 1)
later()  #~ NY0315@1 `later` has no value yet
fn later() { return 1 }  #~ label@4 it gets one here
let m = 1 GiB + 1 s  #~ NY0312@15 a size and a time cannot go together in `+`  #~ label@9 a size  #~ label@17 a time
let z = -"x"  #~ NY0311@10 `-` does not work on string
fn g(x: int) { return x.nope }  #~ NY0310@25 int has no member `nope`
g(1)
g(2)
super_thing = b.m(1, 2, 3)  #~ NY0206@22 `m` takes 1 argument, and this is one more
let mut w = "a"
w += 1
w -= 1  #~ NY0311@2 `-` does not work on string and int  #~ label@1 a string  #~ label@6 an int
b.x.y = 5  #~ NY0310@5 int has no member `y`
"abc".x = 5  #~ NY0310@7 string has no member `x`
push("a", 1)  #~ NY0209@6 parameter `array` is array, and this is string
upper(5)  #~ NY0209@7 parameter `text` is string, and this is int
let (p, q) = (1, 2, 3)  #~ NY0319@14 2 values are wanted and (int, int, int) has 3
[1, 2]["a"]  #~ NY0319@8 array<int> cannot be indexed by string
