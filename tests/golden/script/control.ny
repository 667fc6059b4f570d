# if, while, for in all its forms, switch, match, break, continue.
for (i = 0; i < 3; i++) { print(i, end = " ") }
print()                                        #> 0 1 2 
for i in 0..3 { if i == 1 { continue }; print(i) }
#> 0
#> 2
for (x in ["a", "b"]) { print(x) }
#> a
#> b
for k, v in {one: 1, two: 2} { print(k, v) }
#> one 1
#> two 2
for i, x in ["p", "q"] { print(i, x) }
#> 0 p
#> 1 q
for k, v in {z: 26}.items() { print(k, v) }    #> z 26
for c in "hé" { print(c) }
#> h
#> é
n = 0
while true { n += 1; if n > 4 { break } }
print(n)                                       #> 5
fn kind(v) {
    switch v {
        case 1, 2: return "small"
        case "x": return "letter"
        default: return "other"
    }
}
print(kind(2), kind("x"), kind(9))             #> small letter other
fn describe(v) {
    match v {
        0 => return "zero"
        1 | 2 => return "few"
        3..10 => return "some"
        n if n > 100 => { return "many: ${n}" }
        _ => return "?"
    }
}
print(describe(0), describe(2), describe(5), describe(200), describe(50))   #> zero few some many: 200 ?
if (n == 5) { print("five") } else if n == 6 { print("six") } else { print("no") }   #> five
for i in range(10, 0, -3) { print(i, end = ",") }
print()                                        #> 10,7,4,1,
outer = []
for i in 0..3 { for j in 0..3 { if j == 2 { break }; outer.push(i * 10 + j) } }
print(outer)                                   #> [0, 1, 10, 11, 20, 21]
print([x * x for x in 0..6 if x % 2 == 0])     #> [0, 4, 16]
print([k for k, v in {a: 1, b: 2} if v > 1])   #> ["b"]
found = []
for a, b, c in [(1, 2, 3), [4, 5, 6]] { found.push(a + b * c) }
print(found)                                   #> [7, 34]
for (kind, level, text) in [("disk", 2, "slow")] { print(kind, level, text) }   #> disk 2 slow
print([x + y + z for x, y, z in [(1, 2, 3)]])                      #> [6]
