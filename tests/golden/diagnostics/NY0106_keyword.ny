let class = 3  #~ NY0106@5 `class` is a keyword and cannot be a name here
fn if() { }  #~ NY0106@4 `if` is a keyword and cannot be a name here
