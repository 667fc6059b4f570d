let ports = 1  #~ label@5 declared with `let` here
ports = 2  #~ NY0205@1 `ports` cannot be assigned again  #~ help a variable that changes is declared with `let mut`
