schema pci_rng : device {
    """On the PCI bus: a source of random numbers: the entropy device of virtio 1.2 (section 5.4), fed by the host's, or by the seed of a deterministic run."""
    memory: mmio(32 KiB) = auto """Memory of its base address register 0."""
    irq: gsi = auto """Line of its pin INTA#, for guests that do not use MSI-X."""
}
