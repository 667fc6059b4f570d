device acpi_ged(
    events: mmio(4) = auto """The event selector.""",
    sleep: mmio(3) = auto """Sleep control, sleep status and reset.""",
    irq: gsi = auto """Line by which events are told.""",
) : single snapshot 1 {
    """Generic event device of hardware-reduced ACPI, with sleep control, sleep status and reset registers.

    ACPI 6.5 sections 5.6.9 (interrupt-signalled events), 4.8.3.6 (reset) and 4.8.3.7 (sleep control and status);
    the event selector is laid out as QEMU's firmware tables expect it. A machine that has it and no acpi_pm has no
    fixed hardware, and the tables say so."""
    acpi { hid = "ACPI0013" }

    enum SleepType: u3 { s0 = 0, s5 = 5 }
    host power_button: event, board: control

    bank selector: mmio @events, size 4, gaps zero, access 4 {
        reg evt_sel @0: u32 rc {
            """Events that happened since it was read: the method _EVT notifies the device of each."""
            power_button_pressed: 1
            rest: zero
        }
    }
    bank sleeping: mmio @sleep, size 3, gaps zero, access 1 {
        reg sleep_ctl @0 wo {
            """SLP_TYPx in bits 4 to 2, SLP_EN bit 5: enters the state."""
            on write(v) { if v[5] && v[4..2] == u3(SleepType.s5) { board.power_off() } }
        }
        reg sleep_sts @1 rw {
            """WAK_STS: set when the system has woken up."""
            wak_sts: 7 w1c
            rest: zero
        }
        reg reset_reg @2 wo {
            """RESET_VALUE of the FADT is 0x42."""
            on write(v) { if v == 0x42 { board.reset() } }
        }
    }
    derive irq = evt_sel != 0

    on power_button { evt_sel.power_button_pressed = true }

    test "nothing has happened after a reset" {
        expect read(evt_sel) == 0
        expect read(sleep_sts) == 0
        expect !irq
    }
    test "reading the selector takes the events" {
        host.power_button()
        expect irq
        expect read(evt_sel) == 2
        expect !irq
        expect read(evt_sel) == 0
    }
    test "S5 with SLP_EN powers off, other types and a missing SLP_EN do not" {
        write(sleep_ctl, 5 << 2)
        write(sleep_ctl, 0x20 | 3 << 2)
        expect !board.power_off
        write(sleep_ctl, 0x20 | 5 << 2)
        expect board.power_off
    }
    test "only the reset value resets" {
        write(reset_reg, 0x41)
        expect !board.reset
        write(reset_reg, 0x42)
        expect board.reset
    }
}
