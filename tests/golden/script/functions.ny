# Named and default arguments, closures, recursion, methods as values.
fn f(a, b: int = 2, c = a + b) -> int { return a * 100 + b * 10 + c }
print(f(1), f(1, 3), f(1, c: 9), f(b = 5, a = 4))   #> 123 134 129 459
fn fib(n) { if n < 2 { return n }; return fib(n - 1) + fib(n - 2) }
print(fib(20))                                      #> 6765
fn counter() {
    let mut n = 0
    return fn() { n += 1; return n }
}
c1 = counter(); c2 = counter()
c1(); c1()
print(c1(), c2())                                   #> 3 1
makers = []
for i in 0..3 { makers.push(fn() { return i }) }
print([m() for m in makers])                        #> [0, 1, 2]
fn is_even(n) { if n == 0 { return true }; return is_odd(n - 1) }
fn is_odd(n) { if n == 0 { return false }; return is_even(n - 1) }
print(is_even(10))                                  #> true
fn outer() {
    fn helper(n) { if n == 0 { return "end" }; return helper(n - 1) }
    return helper(3)
}
print(outer())                                      #> end
compose = fn(g, h) { return fn(x) { return g(h(x)) } }
print(compose(fn(x) { return x + 1 }, fn(x) { return x * 2 })(5))   #> 11
push = makers.push
push(fn() { return "bound" })
print(makers[3](), len(makers))                     #> bound 4
fn nothing() { }
print(nothing())                                    #> null
let typed: fn(int) -> int = fn(x: int) { return x }
print(typed(3))                                     #> 3
