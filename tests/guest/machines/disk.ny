machine disk {
    memory = 16 MiB
    boot   = flat(image: "disk.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    exit exit { }
    disk root { image = "disk.img"; regs = 0xfe000000 }
}
