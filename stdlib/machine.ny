"""What a machine has."""

schema machine {
    """A virtual machine of the PC architecture."""

    memory: size(4 KiB..256 TiB) = 128 MiB
        """RAM, in whole 4 KiB pages. At least 1 MiB; a Linux guest wants 64 MiB or more."""
    cpus: int(1..1024) = 1
        """Virtual CPUs. All are there from the start; the guest's firmware or kernel starts those after the first."""
    cpu: cpu_profile = host
        """Which processor the guest sees: `host`, or a level that many hosts share."""
    boot: boot """What the machine starts, and by which protocol."""
    pit: bool = true """The i8254 timer at ports 0x40 to 0x43 and interrupt line 0."""
    acpi: bool = true
        """Give the guest ACPI and SMBIOS tables. Without them it finds neither the second CPU nor the power button."""
    accelerator: host<one_of(kvm, soft)?> = null
        """What executes the guest where the host leaves a choice: KVM, or the CPU in software. Left
        open: what the host does best. `nyx run --accel` has the last word."""
    irqchip: host<one_of(kernel, user)?> = null
        """Whose interrupt controllers and timer the guest has: the kernel's, on KVM, or those described in Nyx.
        Left open: the kernel's, and on the software CPU nyx's own, which are faster. `nyx run --irqchip` has the last word."""
}

schema device {
    """A part of a machine that the guest can talk to."""
}

schema single : device {
    """A device of which a machine has at most one. Where its name is left out, the board's own is meant."""
}
