break  #~ NY0108@1 `break` stands outside a loop
