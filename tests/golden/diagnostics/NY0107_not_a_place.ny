let mut x = 1
x + 1 = 2  #~ NY0107@1 only a name, a member or an element can be assigned to
