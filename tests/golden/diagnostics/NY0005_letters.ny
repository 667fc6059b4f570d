let port = 0x3g8  #~ NY0005@12 `0x3g8` is not a number  #~ help numbers are written 42, 1_000, 0x2a, 0o52, 0b101010, 1.5 or 1e9, with an optional unit: 2 GiB
let other = 12abc  #~ NY0005@13 `12abc` is not a number  #~ help numbers are written 42, 1_000, 0x2a, 0o52, 0b101010, 1.5 or 1e9, with an optional unit: 2 GiB
