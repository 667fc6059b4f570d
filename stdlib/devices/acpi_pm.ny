device acpi_pm(
    pm: ioport(16) = 0x600
        """PM1 event block, PM1 control block at +4, timer at +8; where QEMU's firmware puts them too.""",
    reset: ioport(1) = 0xcf9 """Reset register, as on PC chipsets.""",
    sci: gsi = 9 """System control interrupt.""",
    timer_bits: int(24..32, 8) = 32 """Width of the power management timer: 24 or 32.""",
) : single snapshot 2 {
    """ACPI fixed hardware (ACPI 6.5 section 4.8): power button, sleep control (S5 is power off), timer, reset register."""
    host machine: control, power_button: event
    state {
        status: u16 = 0
        checked: u64 = 0 """The tick up to which carries of the timer are in PM1_STS."""
    }
    timer pm_timer(hz: 3579545)
    timer carry(hz: 3579545)
    derive sci = (status & pm1_en) != 0

    bank pm1: pio @pm, size 16, other widen {
        reg pm1_sts @0: u16 w1c {
            """PM1 status, section 4.8.3.1.1."""
            tmr: 0 """The timer's highest bit has changed."""
            gbl: 5 """Global lock."""
            pwrbtn: 8 """The power button was pressed."""
            rtc: 10 """Alarm of the real-time clock."""
            rest: zero
            on read {
                catch_up()
                return status
            }
            on write(v) {
                catch_up()
                status &= ~v
                catch_up()
            }
        }
        reg pm1_en @2: u16 rw {
            """PM1 enable, section 4.8.3.1.2: which events interrupt."""
            tmr: 0
            gbl: 5
            pwrbtn: 8
            rtc: 10
            rest: zero
            on write(v) { catch_up() }
        }
        reg pm1_cnt @4: u16 rw {
            """PM1 control, section 4.8.3.2.1."""
            sci_en: 0 const = 1 """There is no legacy mode."""
            bm_rld: 1
            slp_typ: 12..10 """5 is S5, as the DSDT says; others are ignored."""
            slp_en: 13 wo """Sleeps."""
            rest: zero
            on write(v) {
                if v[13] && pm1_cnt.slp_typ == 5 { machine.power_off() }
            }
        }
        reg pm_tmr @8: u32 ro {
            """Power management timer, section 4.8.2.1: 3.579545 MHz."""
            on read {
                catch_up()
                if timer_bits == 24 { return u32(checked & 0xffffff) }
                return u32(checked)
            }
        }
    }
    bank chipset: pio @reset, size 1 {
        reg rst_cnt @0 rw {
            """Reset control, as on PC chipsets at 0xcf9."""
            hard: 1 """Reads back, makes no difference."""
            reset_cpu: 2 wo """Resets the machine."""
            full: 3 """Reads back, makes no difference."""
            rest: zero
            on write(v) {
                if v[2] { machine.reset() }
            }
        }
    }

    on reset { pm_timer.arm(0x3fffffffffffffff) }
    on carry { catch_up() }
    on power_button {
        status[8] = true
        catch_up()
    }

    fn half() -> u64 {
        """Ticks between two changes of the highest bit."""
        if timer_bits == 24 { return 0x800000 }
        return 0x80000000
    }
    fn catch_up() {
        """Section 4.8.3.3: TMR_STS is set whenever the highest bit changes."""
        let ticks = pm_timer.elapsed
        let span = half()
        if ticks / span != checked / span { status[0] = true }
        checked = ticks
        if pm1_en.tmr && !status[0] { carry.arm(span - ticks % span) } else { carry.cancel() }
    }

    test "after a reset" {
        expect read(pm1_sts) == 0
        expect read(pm1_en) == 0
        expect read(pm1_cnt) == 1
        expect read(pm_tmr) == 0
        expect !sci
    }
    test "the timer" {
        advance(1 s)
        expect read(pm_tmr) == 3579545
        advance(600 s)
        expect read(pm1_sts) == 1
        write(pm1_sts, 1)
        expect read(pm1_sts) == 0
    }
    test "a carry interrupts" {
        write(pm1_en, 1)
        advance(599 s)
        expect !sci
        advance(1 s)
        expect sci
    }
    test "the power button" {
        write(pm1_en, 0x100)
        host.power_button()
        expect sci
        write(pm1_sts, 0x100)
        expect !sci
    }
    test "S5 is power off" {
        write(pm1_cnt, 0x2001)
        expect !machine.power_off
        write(pm1_cnt, 0x3400)
        expect machine.power_off
        expect read(pm1_cnt) == 0x1401
    }
    test "the reset register" {
        write(rst_cnt, 0x06)
        expect machine.reset
        expect read(rst_cnt) == 0x02
    }
}
