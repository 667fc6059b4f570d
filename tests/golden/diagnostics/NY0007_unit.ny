let size = 2 Gib  #~ NY0007@14 `Gib` is not a unit  #~ help did you mean `GiB`?
let pair = [1 zebra]  #~ NY0007@15 `zebra` is not a unit  #~ help a word after a number is its unit, as in 2 GiB; two values are separated by `,`
