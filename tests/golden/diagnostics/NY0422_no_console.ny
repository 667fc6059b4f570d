machine web {
    boot = pvh(image: "probe.elf", cmdline: "console=ttyS0")
}
