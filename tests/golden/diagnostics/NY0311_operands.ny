fn area(width: int) { return "w" * {} }  #~ NY0311@34 `*` does not work on string and map  #~ label@30 a string  #~ label@36 a map
fn more(xs: array, flag: bool) {
    let both = xs + 1  #~ NY0311@19 `+` does not work on array and int  #~ label@16 an array  #~ label@21 an int
    let mut n = 0
    n = -"text"  #~ NY0311@10 `-` does not work on string
    if flag < 3 { return both }  #~ NY0311@13 `<` does not work on bool and int  #~ label@8 a bool  #~ label@15 an int
    return n
}
fn shown(count: int, name: string, ratio: float) {
    print(name - 1)  #~ NY0311@16 `-` does not work on string and int  #~ label@11 a string  #~ label@18 an int
    print(ratio < name)  #~ NY0311@17 `<` does not work on float and string  #~ label@11 a float  #~ label@19 a string
    return count - "12"  #~ NY0311@18 `-` does not work on int and string  #~ label@12 an int  #~ label@20 a string
}
fn caught() { try { return "a" - 1 } catch e { return e.message } }  #~ NY0311@32 `-` does not work on string and int  #~ label@28 a string  #~ label@34 an int
