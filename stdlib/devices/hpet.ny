device hpet(
    base: mmio(1024) = 0xfed00000 """Window of its registers, where PCs have it.""",
    irq: gsi = auto """Input of the I/O APIC that its comparators interrupt by.""",
) : single snapshot 1 {
    """High precision event timers: a 64-bit counter of 100 MHz and three comparators, each one-shot or periodic.

    IA-PC HPET specification 1.0a, section 2.3. The comparators have one interrupt line together. With legacy replacement
    (2.4.6) the first two have the lines of the 8254 and of the clock instead, which then are not heard. Messages on the
    front-side bus are absent."""
    acpi { hid = "PNP0103" }

    host line: fact<u8>
    timer clk(hz: 100000000)
    timer match0(hz: 100000000)
    timer match1(hz: 100000000)
    timer match2(hz: 100000000)
    timer fall
    state {
        held: u64 = 0 """The counter when it was last started or stopped."""
        period: [u64; 3] = 0
        pulse: u3 = 0 """Edges that are being shown."""
    }

    fn count() -> u64 {
        if general_config.enable_cnf { return held + clk.elapsed }
        return held
    }
    fn wants(n: u2) -> bool {
        if !timer_config[n].int_enb { return false }
        if timer_config[n].int_type { return int_status.level[n] }
        return pulse[n]
    }
    fn on_line(n: u2) -> bool {
        if general_config.leg_rt_cnf && n < 2 { return false }
        return timer_config[n].route == u5(line) && wants(n)
    }
    # What the machine looks at after each operation: whether IRQ 0 (input 2 of the I/O APIC) and IRQ 8 are ours, and then
    # their levels.
    fn replaced() -> u8 {
        if !general_config.leg_rt_cnf { return 0 }
        let mut out: u8 = 1
        out[1] = wants(0)
        out[2] = wants(1)
        return out
    }
    derive legacy: u8 = replaced()
    derive irq = on_line(0) || on_line(1) || on_line(2)
    # Section 2.3.8, Tn_INT_ROUTE_CAP: the one line, a bit of its number.
    fn lines() -> u32 {
        return u32(1) << u5(line)
    }

    # Ticks to the next match: the counter and the comparator meet when they are equal, in 32 bits or in 64.
    fn until(n: u2) -> u64 {
        let now = count()
        if timer_config[n].mode32 {
            let left = u32(comparator[n]) - u32(now)
            if left == 0 { return 0x100000000 }
            return u64(left)
        }
        return comparator[n] - now
    }
    # Periods below 10 us are shown less often; none is lost in the count.
    fn arm(n: u2) {
        let mut ticks = until(n)
        if timer_config[n].periodic && ticks < 1000 { ticks = 1000 }
        if !general_config.enable_cnf {
            match n {
                0 => match0.cancel()
                1 => match1.cancel()
                _ => match2.cancel()
            }
            return
        }
        match n {
            0 => match0.arm(ticks)
            1 => match1.arm(ticks)
            _ => match2.arm(ticks)
        }
    }
    fn matched(n: u2) {
        if timer_config[n].int_enb {
            if timer_config[n].int_type {
                int_status.level = int_status.level | u3(1) << n
            } else {
                pulse = pulse | u3(1) << n
                fall.arm(2 us)
            }
        }
        let step = period[n]
        if timer_config[n].periodic && step != 0 {
            let now = count()
            let mut late = now - comparator[n]
            if timer_config[n].mode32 { late = u64(u32(late)) }
            comparator[n] = comparator[n] + (late / step + 1) * step
            if timer_config[n].mode32 { comparator[n] = u64(u32(comparator[n])) }
        }
        arm(n)
    }
    on match0 { matched(0) }
    on match1 { matched(1) }
    on match2 { matched(2) }
    on fall { pulse = 0 }

    bank regs: mmio @base, size 1024, gaps zero, access 4, 8, other widen {
        reg capabilities @0x00: u64 const reset 0x009896808086a201 {
            """General capabilities and ID: 10^7 fs a tick, 64 bits, three comparators, revision 1, legacy replacement."""
        }
        reg general_config @0x10: u64 rw {
            enable_cnf: 0
            leg_rt_cnf: 1
            rest: zero
            on write(v, before) {
                if general_config.enable_cnf && !before[0] { clk.arm(1 << 60) }
                if !general_config.enable_cnf && before[0] {
                    held = held + clk.elapsed
                    clk.cancel()
                }
                for n in 0..3 { arm(n) }
            }
        }
        reg int_status @0x20: u64 w1c {
            """Level-triggered comparators that matched; writing 1 takes the interrupt back."""
            level: 2..0
            rest: zero
        }
        reg main_counter @0xf0: u64 rw = count() {
            """Written only while it stands (2.3.7)."""
            on write(v) {
                if !general_config.enable_cnf { held = v }
            }
        }
        reg timer_config[3] @0x100: u64 stride 0x20 rw {
            """2.3.8. Interrupts go to the one line, once it was chosen."""
            int_type: 1
            int_enb: 2
            periodic: 3
            per_int_cap: 4 const = 1
            size_cap: 5 const = 1
            val_set: 6
            mode32: 8
            route: 13..9
            route_cap: 63..32 ro = lines()
            rest: zero
            on write(v, n, before) {
                let wanted = timer_config[n].route
                if wanted != 0 && wanted != u5(line) { timer_config[n].route = before[13..9] }
                if !timer_config[n].int_enb { pulse = pulse & ~(u3(1) << n) }
                if timer_config[n].mode32 { comparator[n] = u64(u32(comparator[n])) }
                arm(n)
            }
        }
        reg comparator[3] @0x108: u64 stride 0x20 rw reset 0xffffffffffffffff {
            """In periodic mode a write sets the period, and the next match too where VAL_SET was written (2.3.9.2.2)."""
            on write(v, n, before) {
                let mut value = v
                if timer_config[n].mode32 { value = u64(u32(v)) }
                comparator[n] = value
                if timer_config[n].periodic {
                    if !timer_config[n].val_set { comparator[n] = before }
                    period[n] = value
                    timer_config[n].val_set = false
                }
                arm(n)
            }
        }
    }

    test "reset values" {
        expect read(capabilities) == 0x009896808086a201
        expect read(general_config) == 0
        expect read(int_status) == 0
        expect read(main_counter) == 0
        for n in 0..3 {
            expect read(timer_config[n]) == 0x0001000000000030
            expect read(comparator[n]) == 0xffffffffffffffff
        }
        expect !irq
    }
    test "the counter counts while it is enabled, and is set while it stands" {
        advance(1 ms)
        expect read(main_counter) == 0
        write(main_counter, 50)
        write(general_config, 1)
        advance(1 us)
        expect read(main_counter) == 150
        write(main_counter, 7)
        expect read(main_counter) == 150
        write(general_config, 0)
        advance(1 us)
        expect read(main_counter) == 150
    }
    test "one shot, edge" {
        write(timer_config[0], 0x2004)
        write(comparator[0], 1000)
        write(general_config, 1)
        advance(9 us)
        expect !irq
        advance(1 us)
        expect irq
        advance(5 us)
        expect !irq
        expect read(int_status) == 0
        advance(1 s)
        expect !irq
    }
    test "level: the line stays until the status is written" {
        write(timer_config[2], 0x2006)
        write(comparator[2], 100)
        write(general_config, 1)
        advance(1 us)
        expect irq
        expect read(int_status) == 4
        write(int_status, 3)
        expect irq
        write(int_status, 4)
        expect !irq
    }
    test "periodic with VAL_SET" {
        write(timer_config[1], 0x204e)
        write(comparator[1], 5000)
        write(comparator[1], 2000)
        expect read(timer_config[1]) == 0x000100000000203e
        write(general_config, 1)
        advance(50 us)
        expect read(int_status) == 2
        write(int_status, 2)
        expect read(comparator[1]) == 7000
        advance(19 us)
        expect read(int_status) == 0
        advance(1 us)
        expect read(int_status) == 2
    }
    test "another line than the one it has is not taken" {
        write(timer_config[0], 0x0406)
        expect read(timer_config[0]) == 0x0001000000000036
        write(comparator[0], 100)
        write(general_config, 1)
        advance(1 us)
        expect !irq
        expect read(int_status) == 1
        write(timer_config[0], 0x2006)
        expect irq
    }
    test "legacy replacement: the first two have IRQ 0 and IRQ 8, wherever they are routed" {
        write(timer_config[0], 0x2004)
        write(comparator[0], 100)
        write(timer_config[1], 0x2006)
        write(comparator[1], 400)
        write(timer_config[2], 0x2006)
        write(comparator[2], 500)
        expect legacy == 0
        write(general_config, 3)
        expect read(general_config) == 3
        expect legacy == 1
        advance(1 us)
        expect legacy == 3
        expect !irq
        advance(3 us)
        expect legacy == 5
        expect !irq
        advance(1 us)
        expect irq
        write(int_status, 2)
        expect legacy == 1
        write(int_status, 4)
        expect !irq
        write(comparator[1], 700)
        advance(2 us)
        expect legacy == 5
        write(general_config, 1)
        expect legacy == 0
        expect irq
        reset()
        expect legacy == 0
    }
    test "32-bit mode meets again after 2^32 ticks" {
        write(timer_config[0], 0x2106)
        write(comparator[0], 0xffffffff00000064)
        expect read(comparator[0]) == 100
        write(general_config, 1)
        advance(1 us)
        expect read(int_status) == 1
        write(int_status, 1)
        advance(43 s)
        expect read(int_status) == 1
    }
    test "a pin that there is not, and reserved bits, are not taken" {
        write(timer_config[0], 0xffffffffffffc630)
        expect read(timer_config[0]) == 0x0001000000000030
        write(general_config, 0xfffffffffffffffc)
        expect read(general_config) == 0
    }
}
