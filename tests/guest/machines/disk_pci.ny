machine disk_pci {
    memory = 16 MiB
    boot   = flat(image: "disk_pci.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    exit exit { }
    pci pci { }
    pci_disk root { image = "disk.img"; memory = 0xfe000000 }
}
