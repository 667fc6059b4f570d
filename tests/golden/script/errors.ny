# try, catch, finally, throw, assert; errors of the interpreter can be caught.
fn risky(x) {
    try {
        if x == 0 { throw "zero" }
        if x == 1 { return "one" }
        return 10 / (x - 2)
    } catch e {
        return "caught " + e
    } finally {
        print("finally", x)
    }
}
print(risky(0))
#> finally 0
#> caught zero
print(risky(1))
#> finally 1
#> one
print(risky(2))
#> finally 2
#> caught division by zero
try { [1][5] } catch e { print(e.kind, e.message) }      #> index index 5 is outside: the length is 1
blank = {}
try { blank["k"] } catch e { print(e) }                     #> the map has no key "k"
try { null.x } catch e { print(e.kind) }                 #> key
try { 1 + null } catch e { print(e) }                    #> `+` does not work on int and null
try { 9223372036854775807 + 1 } catch e { print(e) }     #> 9223372036854775807 + 1 does not fit in 64 bits
try { 1 GiB + 1 s } catch e { print(e) }                 #> a size and a time cannot go together in `+`
try { 1 GiB + 1 } catch e { print(e) }                   #> `+` needs a size on both sides, and one is an int; give it a unit
try { assert 1 == 2, "sums" } catch e { print(e) }       #> assertion failed: sums
try { throw {code: 7} } catch e { print(e.code) }        #> 7
fn nested() {
    for i in 0..5 {
        try {
            try { if i == 1 { continue }; if i == 3 { break }; print("body", i) } finally { print("inner", i) }
        } finally { print("outer", i) }
    }
    try { return "first" } finally { print("last") }
}
print(nested())
#> body 0
#> inner 0
#> outer 0
#> inner 1
#> outer 1
#> body 2
#> inner 2
#> outer 2
#> inner 3
#> outer 3
#> last
#> first
try {
    try { throw "a" } finally { print("on the way") }
} catch e { print("then", e) }
#> on the way
#> then a
try { try { throw "b" } catch e { throw "again " + e } } catch e { print(e) }   #> again b
fn f(x: int) { return x }
try { f([0][0] + 0.5) } catch e { print(e) }             #> parameter `x` is int, not float
