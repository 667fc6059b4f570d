device smi_port(
    base: ioport(2) = 0xb2 """APMC; APMS follows it.""",
) : single snapshot 1 {
    """Power management ports of a PC chip set: APMC at 0xb2 asks for a system management interrupt, APMS at 0xb3 says why.

    82371AB (PIIX4) section 4.2.7.3; ICH9 section 13.8.1.1. In a machine nothing hears the request, as there is no
    system management mode. Where ACPI has an SMI_CMD it is APMC: 0xf1 hands the hardware to the operating system, 0xf0
    takes it back (ACPI 6.5 section 4.8.2.5); the tables of nyxc name none, because the hardware is always handed over."""

    host smi: sink<u8>
    state { is_acpi: bool = false """SCI_EN: the operating system has the fixed hardware.""" }
    derive sci_en = is_acpi

    bank ports: pio @base, size 2, gaps reserved {
        reg apmc @0 rw {
            """Advanced power management control: whatever is written, an SMI follows."""
            on write(v) {
                if v == 0xf1 { is_acpi = true }
                if v == 0xf0 { is_acpi = false }
                apmc = v
                emit smi(v)
            }
        }
        reg apms @1 rw
        """Advanced power management status: a byte from the one who asks to the handler, and back."""
    }

    test "both read as zero after a reset, and ACPI is off" {
        expect read(apmc) == 0
        expect read(apms) == 0
        expect !sci_en
    }
    test "a write to APMC asks for an SMI and is kept, APMS only keeps" {
        write(apms, 0x5a)
        expect host.smi.len == 0
        write(apmc, 0x42)
        expect host.smi.pop_or(0) == 0x42
        expect read(apmc) == 0x42
        expect read(apms) == 0x5a
        expect !sci_en
    }
    test "ACPI is enabled and disabled" {
        write(apmc, 0xf1)
        expect sci_en
        write(apmc, 0xf2)
        expect sci_en
        write(apmc, 0xf0)
        expect !sci_en
        expect host.smi.len == 3
        write(apmc, 0xf1)
        reset()
        expect !sci_en
    }
}
