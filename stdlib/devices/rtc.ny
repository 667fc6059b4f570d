schema rtc : single {
    """Real-time clock and CMOS memory (Motorola MC146818). It keeps UTC."""
    base: ioport(2) = 0x70 """Index port; the data port follows it."""
    irq: gsi = 8 """Interrupt line of alarm, periodic and update interrupts."""
}
