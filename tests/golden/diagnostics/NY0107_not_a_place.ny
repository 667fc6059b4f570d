let mut x = 1
let mut y = 2
let list = [1, 2]
x + 1 = 2  #~ NY0107@1 only a name, a member or an element can be assigned to
x, y = y, x
x, y += 1  #~ NY0107@1 only a name, a member or an element can be assigned to  #~ help write one statement for each of them
(x, y)++  #~ NY0107@1 only a name, a member or an element can be assigned to  #~ help write one statement for each of them
f(x)++  #~ NY0107@1 only a name, a member or an element can be assigned to
fn f(n) { return n }
list[0] += 1
5++  #~ NY0107@1 only a name, a member or an element can be assigned to
machine web {
    boot = pvh(image: "probe.elf")
    1 + 1 = 2  #~ NY0107@5 only a name, a member or an element can be assigned to
}
