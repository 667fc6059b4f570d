let size = 2.5 B  #~ NY0303@12 this is no whole number of bytes, or it is too large
let pause = 0.0000001 ms  #~ NY0303@13 this is no whole number of nanoseconds, or it is too large
let disk = 1.00001 MiB  #~ NY0303@12 this is no whole number of bytes, or it is too large
