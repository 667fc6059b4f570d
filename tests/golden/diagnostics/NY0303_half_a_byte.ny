let size = 2.5 B  #~ NY0303@12 this is no whole number of bytes, or it is too large
