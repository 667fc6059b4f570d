schema serial : device {
    """16550A UART (National PC16550D): the serial ports COM1 to COM4 of a PC."""
    base: ioport(8) = auto([0x3f8, 0x2f8, 0x3e8, 0x2e8])
        """First of its eight ports. Left open: the first of COM1 to COM4 that is free."""
    irq: gsi = auto([4, 3, 5, 7], follows: base)
        """Interrupt line, COM1 to COM4. PCs let COM3 share line 4 and COM4 share line 3; edge-triggered lines of two devices lose
        interrupts, so these have lines of their own."""
    backend: host<backend> = stdio """Where its bytes go."""
}
