class Counter:
    def __init__(self, step):
        self.step = step
        self.n = 0

    def bump(self):
        self.n = self.n + self.step
        return self


def main():
    c = Counter(2)
    seen = {}
    for i in range(500000):
        c.bump()
        seen[i % 1000] = c.n
    print(c.n, len(seen))


main()
