1 + 2 = 3  #~ NY0107@1 only a name, a member or an element can be assigned to
