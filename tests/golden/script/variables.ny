# let, let mut, const, plain assignment, blocks, destructuring, ++.
let a = 1
let mut b = 2
const C = 3
b = b + C
d = a + b
print(a, b, C, d)                #> 1 5 3 6
if true { e = 10 } else { f = 1 }
print(e)                         #> 10
if true { let a = 99; print(a) } #> 99
print(a)                         #> 1
let (x, y) = (1, 2)
let p, q = [3, 4]
(x2, y2) = (y, x)
print(x, y, p, q, x2, y2)        #> 1 2 3 4 2 1
i = 0
i++
print(i++, i, i--, i)            #> 1 2 2 1
m = {n: 1}
m.n++
m.n += 5
xs = [1, 2, 3]
xs[1]++
xs[-1] = 9
print(m, str(xs), xs[2]++, xs)   #> {"n": 7} [1, 3, 9] 9 [1, 3, 10]
counter = 0
fn count() { counter = counter + 1; local = 5; return local }
count(); count()
print(counter)                   #> 2
let late: int
late = 4
print(late)                      #> 4
