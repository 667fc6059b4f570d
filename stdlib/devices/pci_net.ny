schema pci_net : device {
    """On the PCI bus: a network card: the network device of virtio 1.2 (section 5.1)."""
    network: host<network> = user
        """Where its frames go: the user-mode network, which just works, a tap interface, or nowhere."""
    mac: string? = null
        """Its address, such as "02:4e:79:00:00:01". Left open: one that follows from the names of machine and card."""
    memory: mmio(32 KiB) = auto """Memory of its base address register 0."""
    irq: gsi = auto """Line of its pin INTA#, for guests that do not use MSI-X."""
}
