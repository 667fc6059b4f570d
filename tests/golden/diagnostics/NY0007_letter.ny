let a = 512 M  #~ NY0007@13 `M` is not a unit  #~ help did you mean `MiB`?
