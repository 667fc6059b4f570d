schema console : device {
    """A console without a serial line's registers: the console device of virtio 1.2 (section 5.3), /dev/hvc0 to a Linux."""
    regs: mmio(4 KiB) = auto """Window of its registers."""
    irq: gsi = auto """Interrupt line."""
    backend: host<backend> = pty """Where its bytes go."""
}
