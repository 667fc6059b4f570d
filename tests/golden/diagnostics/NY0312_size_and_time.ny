fn total(cache: size) { return cache + 10 ms }  #~ NY0312@38 a size and a time cannot go together in `+`  #~ label@32 a size  #~ label@40 a time
fn slower(clock: frequency) { return clock > 1 Gbit/s }  #~ NY0312@44 a frequency and a rate cannot go together in `>`  #~ label@38 a frequency  #~ label@46 a rate
fn larger(cache: size) { return cache + 10 }  #~ NY0312@39 `+` needs a size on both sides, and one is an int  #~ help give the number a unit  #~ label@33 a size  #~ label@41 an int
