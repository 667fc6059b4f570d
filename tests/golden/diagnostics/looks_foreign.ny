"""What looks foreign and is Nyx."""
machine base { boot = pvh(image: "probe.elf") }
machine web:
    base {
    cpus = 2
}
let m = { else:
    1, if: 2, "a": 3 }
var = 1
vm = m
def = [var, 2, ]
let f = fn(a,
    b) { return a // b }
print(f(def[0],
    b = 2) + vm.if)
