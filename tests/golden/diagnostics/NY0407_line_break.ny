machine web {
    boot = pvh(image: "probe.elf", cmdline: "one\ntwo")
}
