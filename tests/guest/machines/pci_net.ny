machine pci_net {
    memory = 16 MiB
    boot   = pvh(image: "exits.elf", cmdline: "net-pci 20")
    serial com1 { }
    exit exit { }
    pci pci { }
    pci_net eth0 { }
}
