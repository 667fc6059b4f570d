machine net {
    memory = 16 MiB
    boot   = pvh(image: "exits.elf", cmdline: "net-mmio 20")
    serial com1 { }
    exit exit { }
    net eth0 { regs = 0xfe000000 }
}
