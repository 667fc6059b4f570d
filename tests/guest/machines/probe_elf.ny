machine probe_elf {
    memory = 128 MiB
    cpus   = 2
    boot   = elf(image: "probe.elf")
    serial com1 { }
    exit exit { }
}
