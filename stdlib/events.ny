"""What happens to a machine while it runs, and what a handler, `on exception(page_fault) (ctx) { … }`, is told of it. A field without a default is told; one with
a default is also an argument that chooses."""

schema event {
    """Something that happens to a machine."""
    time: time """How long the machine has run."""
}

schema exception : event {
    """The guest's processor raised an exception that the guest does not handle."""
    kind: one_of(
        divide_error,
        debug,
        nmi,
        breakpoint,
        overflow,
        bound_range,
        invalid_opcode,
        device_not_available,
        double_fault,
        invalid_tss,
        segment_not_present,
        stack_segment,
        general_protection,
        page_fault,
        floating_point,
        alignment_check,
        machine_check,
        simd,
    )? = null """Which one; left out: any."""
    vector: int(0..31) """Its number (Intel SDM volume 3, section 6.3.1)."""
    error_code: int """What the processor pushed; 0 where it pushes none."""
    cpu: int """The virtual CPU."""
    rip: int """Address of the instruction."""
    address: int """Of a page fault: the address that could not be reached (CR2)."""
}

schema reset : event {
    """The guest asked to be reset, or was."""
    reason: string """By what: "i8042", "acpi_pm", "triple fault", "nyx reset" …"""
}

schema shutdown : event {
    """The machine is off: the guest switched itself off, or was stopped."""
    reason: string """By what: "acpi_pm", "ended by Ctrl-A x" …"""
}

schema guest_exit : event {
    """The guest ended the run with a status, by its exit device."""
    status: int(0..255) """The status of `nyx run`."""
}

schema panic : event {
    """The guest reported that it has crashed (pvpanic)."""
    crash_loaded: bool """Its crash kernel takes over: it goes on by itself."""
}

schema triple_fault : event {
    """The guest's processor gave up: an exception that it could not deliver, twice over. Registers are what is left of them; some hosts reset the processor first."""
    cpu: int """The virtual CPU."""
    rip: int """Address of the instruction."""
    address: int """The address of the last page fault (CR2)."""
}

schema serial_line : event {
    """The guest wrote a line to a serial port. It goes on meanwhile."""
    device: string """The port's name, such as com1."""
    text: string
        """Without the end of the line, at most 4,096 bytes; what is no UTF-8 is replaced."""
}

schema watchdog : event {
    """A watchdog ran out."""
    timeout: time """After how long."""
}
