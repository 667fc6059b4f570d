class Counter {
    fn init(self, step) { self.step = step; self.n = 0 }
    fn bump(self) { self.n = self.n + self.step; return self }
}
fn main() {
    let c = Counter(2)
    let seen = {}
    for i in 0..500000 { c.bump(); seen[i % 1000] = c.n }
    print(c.n, len(seen))
}
main()
