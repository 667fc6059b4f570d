let mask = 0b12  #~ NY0005@12 `0b12` is not a number  #~ help numbers are written 42, 1_000, 0x2a, 0o52, 0b101010, 1.5 or 1e9, with an optional unit: 2 GiB
