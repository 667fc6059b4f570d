machine web {
    boot = pvh(image: "probe.elf")
}
machine staging : wbe {
    memory = 64 MiB
}
