machine hello_multiboot {
    memory = 16 MiB
    boot   = multiboot(kernel: "multiboot.bin", cmdline: "one two")
    serial com1 { }
    exit exit { }
}
