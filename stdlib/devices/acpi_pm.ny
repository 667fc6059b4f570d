schema acpi_pm : single {
    """ACPI fixed hardware (ACPI 6.5 section 4.8): power button, sleep control (S5 is power off), timer, reset register."""
    pm: ioport(16) = 0x600
        """PM1 event block, PM1 control block at +4, timer at +8; where QEMU's firmware puts them too."""
    reset: ioport(1) = 0xcf9 """Reset register, as on PC chipsets."""
    sci: gsi = 9 """System control interrupt."""
    timer_bits: int(24..32, 8) = 32 """Width of the power management timer: 24 or 32."""
}
