fn level(value: int) -> string {  #~ NY0314@4 `level` ends without a result on some path  #~ label@25 string is promised here
    if value > 10 { return "high" }
}
fn fail(text) { throw text }
fn sure(value: int) -> int { if value > 0 { return value } else { fail("negative") } }
fn endless() -> int { while true { } }
fn perhaps(value) -> int? { if value { return 1 } }
fn chosen(value) -> int { switch value { case 1: return 2; default: throw "no" } }
fn looked(xs) -> int { for x in xs { return x } }  #~ NY0314@4 `looked` ends without a result on some path  #~ label@18 int is promised here
