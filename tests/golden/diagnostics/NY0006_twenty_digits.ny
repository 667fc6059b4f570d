let many = 99999999999999999999  #~ NY0006@12 this number is too large
