vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .disk("guest.img")  #~ NY0901@6 this build of Nyx has no disks
    .build()
