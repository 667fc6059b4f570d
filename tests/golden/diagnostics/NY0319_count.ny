fn count(lines: int) {
    for line in lines { print(line) }  #~ NY0319@17 int cannot be iterated  #~ help to count, write `0..lines`
}
fn first(line: int) { return line[0] }  #~ NY0319@30 int cannot be indexed
fn key(lines: array) { return lines["a"] }  #~ NY0319@37 array cannot be indexed by string
fn apart() {
    let a, b = (1, 2, 3)  #~ NY0319@16 2 values are wanted and (int, int, int) has 3
    return a + b
}
