function f() { var x = 1; return x }  #~ NY0101@1 `function` is not a word of Nyx; write `fn`  #~ NY0101@16 `var` is not a word of Nyx; write `let`
if f() == 1 { print(1) } elif f() == 2 { print(2) }  #~ NY0101@26 `elif` is not a word of Nyx; write `else if`
foreach x in [1] { print(x) }  #~ NY0101@1 `foreach` is not a word of Nyx; write `for`
