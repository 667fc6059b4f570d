fn counter(step) {
    let mut n = 0
    return fn() {
        n += step
        return n
    }
}
fn compose(f, g) { return fn(x) { return f(g(x)) } }
next = counter(3)
for i in 0..1000000 { next() }
both = compose(fn(x) { return x + 1 }, fn(x) { return x * 2 })
total = 0
for i in 0..500000 { total += both(i) }
made = 0
for i in 0..300000 {
    f = counter(i)
    made += f()
}
print(next(), total, made)
