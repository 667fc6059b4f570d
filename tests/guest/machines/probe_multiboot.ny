machine probe_multiboot {
    memory = 128 MiB
    cpus   = 2
    boot   = multiboot(kernel: "probe.elf", cmdline: "one two")
    serial com1 { }
    exit exit { }
}
