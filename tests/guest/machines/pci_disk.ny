machine pci_disk {
    memory = 16 MiB
    boot   = pvh(image: "exits.elf", cmdline: "disk-pci 20")
    serial com1 { }
    exit exit { }
    pci pci { }
    pci_disk root { image = "disk.img" }
}
