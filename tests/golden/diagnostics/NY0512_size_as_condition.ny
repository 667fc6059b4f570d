machine web {
    boot = pvh(image: "probe.elf")
    require memory, "there must be memory"  #~ NY0512@13 a requirement is true or false, and this is 128 MiB
}
