def counter(step):
    n = 0

    def bump():
        nonlocal n
        n += step
        return n
    return bump


def compose(f, g):
    return lambda x: f(g(x))


next = counter(3)
for i in range(0, 1000000):
    next()
both = compose(lambda x: x + 1, lambda x: x * 2)
total = 0
for i in range(0, 500000):
    total += both(i)
made = 0
for i in range(0, 300000):
    f = counter(i)
    made += f()
print(next(), total, made)
