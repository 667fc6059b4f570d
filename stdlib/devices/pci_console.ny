schema pci_console : device {
    """On the PCI bus: a console without a serial line's registers: the console device of virtio 1.2 (section 5.3), /dev/hvc0 to a Linux."""
    memory: mmio(32 KiB) = auto """Memory of its base address register 0."""
    irq: gsi = auto """Line of its pin INTA#, for guests that do not use MSI-X."""
    backend: host<backend> = pty """Where its bytes go."""
}
