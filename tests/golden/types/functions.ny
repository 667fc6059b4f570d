# Results are inferred by returns, parameters are what their annotations say.
fn double(x: int) { return x * 2 }                          #: double: fn(x: int) -> int; x: int
fn greet(name, loud = false) { return "hi ${name}" }        #: greet: fn(name, loud?: bool) -> string; loud: ~bool
fn nothing() { print("x") }                                 #: nothing: fn() -> null
fn maybe(x: int) { if x > 0 { return x } }                  #: maybe: fn(x: int) -> int?
fn fact(n: int) { if n < 2 { return 1 } return n * fact(n - 1) }   #: fact: fn(n: int) -> int
fn even(n: int) { if n == 0 { return true } return odd(n - 1) }    #: even: fn(n: int) -> bool
fn odd(n: int) { if n == 0 { return false } return even(n - 1) }   #: odd: fn(n: int) -> bool
fn typed(a: array<int>) -> string { return str(a) }         #: typed: fn(a: array<int>) -> string
fn wrong() { throw "always" }                               #: wrong: fn()
let four = double(2)                                        #: four: int
let add = fn(a: int, b: int) { return a + b }               #: add: fn(a: int, b: int) -> int
let sum = add(1, 2)                                         #: sum: int
fn counter() {
    let mut n = 0                                           #: n: int
    return fn() { n += 1; return n }
}
let next = counter()                                        #: next: fn() -> int
let one = next()                                            #: one: int
fn apply(f: fn(int) -> string, x) { return f(x) }           #: f: fn(int) -> string
let printed = apply(str, 5)                                 #: printed: ~string
