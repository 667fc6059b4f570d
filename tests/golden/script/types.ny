# Annotations: checked, converted without loss, aliased.
typealias Port = u16
class Plan { ports: array<Port> = []; memory: size = 0 }
fn open(port: Port, name: string? = null) -> string { return "${port} ${name ?? "-"}" }
print(open(80), open(443, "https"))                      #> 80 - 443 https
let f: float = 2
let s: size = 4096
print(f, s, Plan(memory: 1024).memory)                   #> 2.0 4 KiB 1 KiB
try { open(70000 + 0) } catch e { print(e) }             #> parameter `port` is u16, and 70000 does not fit
try { Plan(ports: [1, "x"]) } catch e { print(e) }       #> field `ports` is array, and an element has another type
fn plan(p: Plan) -> int { return p.memory / 1 KiB }
print(plan(Plan(memory: 2048)))                          #> 2
try { plan(5) } catch e { print(e) }                     #> parameter `p` is Plan, not int
fn bad() -> int { let x: any = "s"; return x }
try { bad() } catch e { print(e) }                       #> the result of `bad` is int, not string
let mut n: int = 1
try { n = "a" + "b" } catch e { print(e, n) }            #> `n` is int, not string 1
