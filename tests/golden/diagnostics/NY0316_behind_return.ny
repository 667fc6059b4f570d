fn first(xs) {
    return xs[0]  #~ label@5 nothing goes on behind this
    print("done")  #~ NY0316@5 this is never reached
}
fn forever() {
    while true { print("tick") }  #~ label@5 nothing goes on behind this
    print("never")  #~ NY0316@5 this is never reached
}
fn leave(xs) { for x in xs { switch x { case 1: return 1; break; default: print(x) } } }
