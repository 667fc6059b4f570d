fn start() { }  #~ label@4 first as a function here
fn start() { }  #~ NY0204@4 `start` is declared twice
