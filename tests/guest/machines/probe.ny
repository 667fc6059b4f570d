machine probe {
    memory = 128 MiB
    cpus   = 2
    boot   = pvh(image: "probe.elf", cmdline: "one two")
    serial com1 { }
    exit exit { }
}
