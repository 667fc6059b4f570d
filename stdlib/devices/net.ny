schema net : device {
    """A network card: the network device of virtio 1.2 (section 5.1)."""
    network: host<network> = user
        """Where its frames go: the user-mode network, which just works, a tap interface, or nowhere."""
    mac: string? = null
        """Its address, such as "02:4e:79:00:00:01". Left open: one that follows from the names of machine and card."""
    regs: mmio(4 KiB) = auto """Window of its registers."""
    irq: gsi = auto """Interrupt line."""
}
