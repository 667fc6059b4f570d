schema rng : device {
    """A source of random numbers: the entropy device of virtio 1.2 (section 5.4), fed by the host's, or by the seed of a deterministic run."""
    regs: mmio(4 KiB) = auto """Window of its registers."""
    irq: gsi = auto """Interrupt line."""
}
