machine pc {
    """What every PC has: keyboard controller, clock, power management. Serial ports and the rest are the author's choice."""
    i8042 i8042 { }
    rtc rtc { }
    acpi_pm acpi_pm { }
}
