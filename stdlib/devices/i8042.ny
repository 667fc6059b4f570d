schema i8042 : single {
    """Keyboard controller, without keyboard or mouse: guests use it to reset the machine. With system control port A."""
    data: ioport(1) = 0x60 """Data port."""
    command: ioport(1) = 0x64 """Command and status port; command 0xfe resets the machine."""
    port_a: ioport(1) = 0x92 """System control port A; bit 0 resets the machine."""
    keyboard: gsi = 1 """Interrupt line of the keyboard port."""
    mouse: gsi = 12 """Interrupt line of the auxiliary port."""
}
