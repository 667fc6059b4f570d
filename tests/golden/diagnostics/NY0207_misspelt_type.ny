fn twice(x: itn) { return x * 2 }  #~ NY0207@13 there is no type `itn`  #~ help did you mean `int`?
