schema pci : single {
    """PCI bus 0 with its host bridge (PCI Local Bus 3.0): where `pci_disk` and its kin sit. Configuration by ports 0xcf8 and 0xcfc, and by
    memory (ECAM), which ACPI's MCFG names."""
    config_address: ioport(1) = 0xcf8
        """Address of a configuration access: 32 bits wide, though it claims one port."""
    config_data: ioport(4) = 0xcfc """Data of a configuration access."""
    ecam: mmio(1 MiB) = 0xe0000000 """Configuration space of bus 0 as memory."""
}
