boot = linux(kernel="x")  #~ NY0201@8 nothing here is called `linux`  #~ help as a way to boot it stands in a machine: `machine web { boot = linux(…) }`
