# Arrays, maps, tuples, ranges and their methods.
xs = [3, 1, 2]
xs.push(5)
push(xs, 4)
print(xs, len(xs), xs.length, xs.len())                 #> [3, 1, 2, 5, 4] 5 5 5
print(sorted(xs), sorted(xs, reverse = true), xs.pop(), xs.pop(0), xs)   #> [1, 2, 3, 4, 5] [5, 4, 3, 2, 1] 4 3 [1, 2, 5]
xs.sort(key = fn(x) { return -x })
print(xs, xs.reversed(), sum(xs), min(xs), max(1, 7, 3), abs(-4), clamp(12, 0, 10))   #> [5, 2, 1] [1, 2, 5] 8 1 7 4 10
print(map(xs, fn(x) { return x * 2 }), xs.filter(fn(x) { return x > 1 }), xs.reduce(fn(a, b) { return a + b }, 100))   #> [10, 4, 2] [5, 2] 108
print(any(xs, fn(x) { return x == 2 }), all([1, 0]), enumerate(["a"]), zip([1, 2], ["x", "y"]))   #> true false [(0, "a")] [(1, "x"), (2, "y")]
m = {name: "vm", "size": 2, 3: "three"}
m["new"] = true
m.extra = 1
print(m, m.name, m["size"], m[3], len(m))               #> {"name": "vm", "size": 2, 3: "three", "new": true, "extra": 1} vm 2 three 5
print(keys(m), m.values(), has(m, "name"), m.get("no", "default"), m.get("no"))   #> ["name", "size", 3, "new", "extra"] ["vm", 2, "three", true, 1] true default null
m.remove("extra"); m.remove(3)
print(m.items())                                        #> [("name", "vm"), ("size", 2), ("new", true)]
t = (1, "two")
print(t, t[1], len(t), (1,), t == (1, "two"))           #> (1, "two") two 2 (1,) true
print({a: [1, {b: 2}]} == {a: [1, {b: 2}]}, [1, 2] < [1, 3])   #> true true
r = 0..10
print(r, len(r), 5 in r, 10 in r, r.to_array()[2:5], array(3, 0), range(3).to_array())   #> 0..10 10 true false [2, 3, 4] [0, 0, 0] [0, 1, 2]
print(xs[0..2], xs[1:], [1, 2, 3][:-1])                 #> [5, 2] [2, 1] [1, 2]
a = [1]; b = a; b.push(2); c = a.copy(); c.push(3)
print(a, b, c)                                          #> [1, 2] [1, 2] [1, 2, 3]
a.insert(0, "first"); a.extend([7, 8])
print(a, a.index_of(7), a.contains(8), a.first(), a.last())   #> ["first", 1, 2, 7, 8] 3 true first 8
v = null
print(v?.name, v?.name.deep.call(), m?.name, (v ?? {name: "n"}).name)   #> null null vm n
print(round(2.567, 2), floor(2.7), ceil(2.1), sqrt(16), pow(2, 10))     #> 2.57 2 3 4.0 1024
empty = []
empty.push(empty)
print(len(empty))                                       #> 1
fn matrix(n) { return [[i * n + j for j in 0..n] for i in 0..n] }
print(matrix(3)[1])                                     #> [3, 4, 5]
print({a: 5, b: 2.5, c: 1} - {a: 3, b: 1, z: 9})                   #> {"a": 2, "b": 1.5, "c": 1}
print(sorted(["b", "a", "c"], reverse = true), sorted([3, 1, 2], key = fn(x) { return -x }), sorted([2, 1.5, 1]))   #> ["c", "b", "a"] [3, 2, 1] [1, 1.5, 2]
