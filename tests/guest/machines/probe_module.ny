machine probe_module {
    memory = 128 MiB
    cpus   = 2
    boot   = pvh(image: "probe.elf", initrd: "hello16.bin")
    serial com1 { }
    exit exit { }
}
