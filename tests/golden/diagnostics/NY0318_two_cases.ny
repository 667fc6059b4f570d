fn name(line) {
    switch line {
        case 4: return "com1"  #~ label@14 first here
        case 4: return "com2"  #~ NY0318@14 4 was a case before
        default: return "none"
    }
}
fn kind(x) { match x { 1 | 2 => { return "low" }, 2 => { return "two" }, _ => { return "other" } } }  #~ NY0318@51 2 was a case before  #~ label@28 first here
