device local_apic(
    base: mmio(4096) = 0xfee00000,
    intr: gsi = 0,
    id: int(0..65534) = 0,
    boot: bool = true,
    x2apic: bool = true """As CPUID says, leaf 1, ECX bit 21.""",
    tsc_deadline: bool = true """Bit 24.""",
    physical_bits: int(36..52) = 52 """MAXPHYADDR, leaf 80000008H, EAX bits 7 to 0.""",
) snapshot 2 {
    """Local APIC of one processor: its page in xAPIC mode, its model-specific registers in x2APIC mode.

    Intel SDM volume 3, chapter 12, sections in the text. What comes: messages (vector in bits 7 to 0, delivery mode in 10
    to 8, 15 level-triggered), the pins LINT0 and LINT1 by `rise` and `fall`, interrupt acknowledges. What goes: `intr`,
    vectors, messages of the ICR, ends of level-triggered interrupts, and what a message asks of the processor itself,
    mode in bits 10 to 8 (SMI, NMI, INIT, start-up). `ext_int` says that the vector is the 8259s'.

    Model-specific registers are asked for by the processor: `select_msr` and then `rdmsr`, which `msr_value` answers, or
    `wrmsr`; what `fault` is sent instead is the vector of the exception, 13, and then nothing has changed. While
    `awaited_tsc` is not 0, `tsc_reached` says that the processor's time-stamp counter got there; too many of them do no
    harm. Absent: remote read, focus processors, CMCI, and directed EOI."""

    host message: source<u64>, rise: source<u8>, fall: source<u8>, inta: event, tsc_reached: event
    host vector: sink<u8>, ipi: sink<u64>, eoi: sink<u8>, served: sink<u8>, processor: sink<u16>
    host init: event, set_task_priority: source<u8>, addressed: source<u64>, standing: sink<u16>
    host select_msr: source<u32>,
        rdmsr: event,
        wrmsr: source<u64>,
        msr_value: sink<u64>,
        fault: sink<u8>
    timer clk
    timer alarm
    state {
        enabled: bool = true """IA32_APIC_BASE, bit 11."""
        x2: bool = false """Bit 10, EXTD."""
        msr: u32 = 0
        pins: u2 = 0
        errors: u8 = 0 """Since ESR was written."""
        ext_message: bool = false
        first: u32 = 0 """What the counter began with at `start`; 0: it stands."""
        start: u64 = 0
        deadline: u64 = 0 """IA32_TSC_DEADLINE; 0: disarmed."""
        since 2 {
            page_address: u64 = 0xfee00000 """IA32_APIC_BASE, from bit 12."""
            bsp_changed: bool = false """Bit 8 is another than after power-on."""
        }
    }
    on reset {
        clk.arm(1 << 60)
        for n in 0..6 { lvt[n][16] = true }
        if boot { lvt[3] = 0x700 }
    }

    # 12.4.7.3: as after power-on, but for the mode and the pins.
    fn reset_registers() {
        tpr = 0
        ldr = 0
        dfr = 0xffffffff
        svr = 0xff
        for n in 0..8 {
            isr[n] = 0
            tmr[n] = 0
            irr[n] = 0
        }
        for n in 0..6 { lvt[n] = 0x10000 }
        if boot { lvt[3] = 0x700 }
        esr = 0
        errors = 0
        icr_low = 0
        icr_high = 0
        icr_destination = 0
        ext_message = false
        initial_count = 0
        divide_configuration = 0
        first = 0
        deadline = 0
        alarm.cancel()
    }
    on init { reset_registers() }
    # CR8 is bits 7 to 4 of it, in every mode.
    on set_task_priority(v) { tpr = u32(v) }
    derive task_priority: u8 = tpr.priority
    # Where the page is; elsewhere in x2APIC mode and without the APIC.
    derive has_page = enabled && !x2
    derive page_at: u64 = page_address
    derive awaited_tsc: u64 = deadline

    # ---- Destinations (12.6.2). A message has them in bits 63 to 32, of which it uses 8 or, with bit 12, all; bit 11 says
    # that it is a set of processors. `standing` tells whether it is for this one (8), which takes vectors (9), and its
    # arbitration priority.
    fn is_mine(m: u64) -> bool {
        let to = m[63..32]
        if (m[12] && to == 0xffffffff) || (!m[12] && to == 0xff) { return true }
        if !m[11] { return to == u32(id) }
        if x2 {
            return u32(to[31..16]) == u32(id) >> 4 && (to[15..0] & u16(1) << id[3..0]) != 0
        }
        if to > 0xff { return false }
        let given = u8(to)
        let own = ldr.logical_id
        match dfr.model {
            15 => return (given & own) != 0
            0 => return given[7..4] == own[7..4] && (given[3..0] & own[3..0]) != 0
            _ => return false
        }
        return false
    }
    on addressed(m) {
        let mut out = u16(arbitration_priority())
        out[8] = enabled && is_mine(m)
        out[9] = takes_vectors()
        emit standing(out)
    }

    # ---- Priorities (12.8.3)

    fn top_bit(word: u32) -> u5 {
        for i in 0..32 { if word[31 - i] { return u5(31 - i) } }
        return 0
    }
    # The highest vector of each set; 0: there is none.
    fn highest_isr() -> u8 {
        for i in 0..8 { if isr[7 - i] != 0 { return u8(7 - i) << 5 | u8(top_bit(isr[7 - i])) } }
        return 0
    }
    fn highest_irr() -> u8 {
        for i in 0..8 { if irr[7 - i] != 0 { return u8(7 - i) << 5 | u8(top_bit(irr[7 - i])) } }
        return 0
    }
    fn processor_priority() -> u8 {
        let served = highest_isr() & 0xf0
        let task = tpr.priority
        if (task & 0xf0) >= served { return task }
        return served
    }
    # 12.6.2.4, APR.
    fn arbitration_priority() -> u8 {
        let requested = highest_irr() & 0xf0
        let served = highest_isr() & 0xf0
        let task = tpr.priority
        if (task & 0xf0) >= requested && (task & 0xf0) > served { return task }
        let mut most = task & 0xf0
        if served > most { most = served }
        if requested > most { most = requested }
        return most
    }
    fn deliverable() -> u8 {
        let asking = highest_irr()
        if enabled && (asking & 0xf0) > (processor_priority() & 0xf0) { return asking }
        return 0
    }
    # 12.4.3: without the APIC, LINT0 is INTR.
    derive ext_int = (!enabled && pins[0]) ||
        (enabled && (ext_message || (pins[0] && !lvt[3][16] && lvt[3][10..8] == 7)))
    derive intr = ext_int || deliverable() != 0
    fn takes_vectors() -> bool { return enabled && svr.enable }

    # ---- Requests (12.8.4), errors (12.5.3)

    fn latch(number: u8, level: bool) {
        if takes_vectors() {
            tmr[number >> 5][number[4..0]] = level
            irr[number >> 5][number[4..0]] = true
        }
    }
    # The first error since the last write of ESR interrupts.
    fn error(bit: u3) {
        let is_first = errors == 0
        errors[bit] = true
        if is_first && !lvt[5][16] {
            if lvt[5][7..0] < 16 { errors[6] = true } else { latch(lvt[5][7..0], false) }
        }
    }
    fn request(number: u8, level: bool) -> bool {
        if number < 16 {
            error(6)
            return false
        }
        latch(number, level)
        return takes_vectors()
    }
    fn accept(mode: u3, number: u8, level: bool) {
        match mode {
            0 | 1 => { let taken = request(number, level) }
            2 | 4 | 5 => { emit processor(u16(mode) << 8) }
            6 => { emit processor(u16(mode) << 8 | u16(number)) }
            7 => ext_message = true
            _ => pass
        }
    }
    on message(m) { accept(m[10..8], m[7..0], m[15] && m[10..9] == 0) }

    # 12.5.1: an event of an entry happened.
    fn fire(entry: u32) {
        let mode = entry[10..8]
        if !entry[16] && mode != 1 && mode != 6 { accept(mode, entry[7..0], false) }
    }
    fn is_fixed_level(entry: u32) -> bool { return entry[15] && entry[10..8] == 0 }
    # A level-triggered LINT0 asks again after each end of its interrupt.
    fn refresh_lint0() {
        if pins[0] && is_fixed_level(lvt[3]) && !lvt[3][16] && !lvt[3][14] {
            if request(lvt[3][7..0], true) { lvt[3][14] = true }
        }
    }
    # LINT1 knows edges only, and without the APIC is NMI.
    on rise(pin) {
        if pin < 2 {
            let rises = !pins[pin]
            pins[pin] = true
            if pin == 0 && enabled && is_fixed_level(lvt[3]) {
                refresh_lint0()
            } else if enabled && rises && (pin == 1 || lvt[3][10..8] != 7) {
                fire(lvt[3 + pin])
            } else if !enabled && rises && pin == 1 {
                emit processor(0x400)
            }
        }
    }
    on fall(pin) { if pin < 2 { pins[pin] = false } }

    on inta {
        let best = deliverable()
        if ext_int {
            ext_message = false
        } else if best == 0 {
            emit vector(svr.vector)
        } else {
            irr[best >> 5][best[4..0]] = false
            isr[best >> 5][best[4..0]] = true
            emit vector(best)
        }
    }
    # 12.8.5
    fn end_of_interrupt() {
        let best = highest_isr()
        if best != 0 {
            isr[best >> 5][best[4..0]] = false
            if tmr[best >> 5][best[4..0]] {
                if lvt[3][7..0] == best { lvt[3][14] = false }
                refresh_lint0()
                emit eoi(best)
            }
            emit served(best)
        }
    }

    # ---- Timer (12.5.4), at 1 GHz before the divider

    fn shift() -> u3 {
        return (u3(divide_configuration.low) | u3(divide_configuration.high) << 2) + 1
    }
    fn mode() -> u2 { return lvt[0][18..17] }
    fn counts() -> bool { return mode() < 2 && first != 0 }
    fn expiry() -> u64 { return start + (u64(first) << shift()) }
    fn current_count() -> u32 {
        if !counts() { return 0 }
        let ticks = (clk.elapsed - start) >> shift()
        if ticks < u64(first) { return first - u32(ticks) }
        let whole = initial_count
        if mode() == 0 || whole == 0 { return 0 }
        return whole - u32((ticks - u64(first)) % u64(whole))
    }
    # Its entry has no mode: always fixed.
    fn fire_timer() {
        if !lvt[0][16] { let taken = request(lvt[0][7..0], false) }
    }
    fn expire(now: u64) {
        let period = u64(initial_count) << shift()
        if mode() == 1 && period != 0 {
            start = now - (now - expiry()) % period
            first = initial_count
        } else {
            first = 0
        }
        fire_timer()
    }
    # Periods below 50 us are shown less often, as their interrupts would have met in one bit of IRR.
    fn settle() { if counts() && expiry() <= clk.elapsed { expire(clk.elapsed) } }
    fn plan() {
        let now = clk.elapsed
        let period = u64(initial_count) << shift()
        let mut skipped: u64 = 0
        if mode() == 1 && period != 0 && period < 50000 { skipped = 50000 / period * period }
        if counts() { alarm.arm(expiry() + skipped - now) } else { alarm.cancel() }
    }
    fn arm() {
        settle()
        plan()
    }
    on alarm { arm() }
    # What was due comes before both (settle), and the alarm after (plan).
    fn set_count(v: u32) {
        initial_count = v
        first = v
        start = clk.elapsed
    }
    fn divide(v: u32) {
        let left = current_count()
        divide_configuration = v & 0xb
        first = left
        start = clk.elapsed
    }
    on tsc_reached {
        if mode() == 2 && deadline != 0 {
            deadline = 0
            fire_timer()
        }
    }

    # ---- What a write does, in either mode

    fn lvt_bits(n: u3) -> u32 {
        match n {
            0 => { if tsc_deadline { return 0x700ff } else { return 0x300ff } }
            3 | 4 => return 0x1a7ff
            5 => return 0x100ff
            _ => return 0x107ff
        }
        return 0
    }
    # 12.4.7.2: while the APIC is software-disabled every mask is set and stays so.
    # True: the timer has another mode, and is to be armed.
    fn set_lvt(n: u3, v: u32, before: u32) -> bool {
        let mut entry = v & lvt_bits(n)
        if !svr.enable { entry[16] = true }
        if is_fixed_level(entry) && before[14] { entry[14] = true }
        lvt[n] = entry
        if n == 3 { refresh_lint0() }
        if n != 0 || entry[18..17] == before[18..17] { return false }
        if mode() == 2 || before[18..17] == 2 {
            initial_count = 0
            first = 0
            deadline = 0
        }
        return true
    }
    fn set_svr(v: u32) {
        svr = v & 0x3ff
        if !v[8] { for n in 0..6 { lvt[n][16] = true } }
    }
    # 12.6.1. A message goes where the ICR says; to itself it is taken at once.
    fn send(low: u32, destination: u32) {
        let kind = low[10..8]
        let deassert = kind == 5 && low[15] && !low[14]
        if kind == 3 || kind == 7 || deassert { return }
        if kind < 2 && low[7..0] < 16 {
            error(5)
            return
        }
        if low[19..18] == 1 {
            accept(kind, low[7..0], false)
        } else {
            let mut out = u64(destination) << 32 | u64(low & 0xc0fff)
            out[12] = x2
            emit ipi(out)
        }
    }

    bank page: mmio @base, size 4096, gaps zero, access 4 {
        when enabled && !x2 {
            reg unknown_low[2] @0x000: u32 stride 16 rw {
                """An access where no register is, is an error (12.5.3)."""
                on read { return illegal() }
                on write(v) { let nothing = illegal() }
            }
            reg local_id @0x020: u32 ro = u32(id) << 24
            reg version @0x030: u32 const reset 0x00050014
            """12.4.8: integrated, six entries of the LVT."""
            reg unknown_fourth[4] @0x040: u32 stride 16 rw {
                on read { return illegal() }
                on write(v) { let nothing = illegal() }
            }
            reg tpr @0x080: u32 rw {
                """Task priority."""
                priority: 7..0
                rest: zero
            }
            reg apr @0x090: u32 ro = u32(arbitration_priority())
            reg ppr @0x0a0: u32 ro = u32(processor_priority())
            reg eoi_register @0x0b0: u32 wo { on write(v) { end_of_interrupt() } }
            reg remote_read @0x0c0: u32 const reset 0
            reg ldr @0x0d0: u32 rw {
                """Logical destination."""
                logical_id: 31..24
                rest: zero
            }
            reg dfr @0x0e0: u32 rw reset 0xffffffff {
                """Destination format: 15 flat, 0 cluster."""
                model: 31..28
                rest: ones
            }
            reg svr @0x0f0: u32 rw reset 0xff {
                """Spurious interrupt vector; bit 8 enables the APIC by software."""
                vector: 7..0
                enable: 8
                focus: 9
                rest: zero
                on write(v) { set_svr(v) }
            }
            reg isr[8] @0x100: u32 stride 16 ro """In service."""
            reg tmr[8] @0x180: u32 stride 16 ro """Trigger mode: 1 is level."""
            reg irr[8] @0x200: u32 stride 16 ro """Requested."""
            reg esr @0x280: u32 rw {
                """Error status: a write shows what has happened since the last one."""
                on write(v) { latch_errors() }
            }
            reg unknown_29[7] @0x290: u32 stride 16 rw {
                on read { return illegal() }
                on write(v) { let nothing = illegal() }
            }
            reg icr_low @0x300: u32 rw {
                """Interrupt command: writing it sends. Sending takes no time, so the delivery status is always idle."""
                on write(v) {
                    icr_low = v & 0x000ccfff
                    send(icr_low, icr_high >> 24)
                }
            }
            reg icr_high @0x310: u32 rw {
                destination: 31..24
                rest: zero
            }
            reg lvt[6] @0x320: u32 stride 16 rw {
                """Local vector table: timer, thermal sensor, performance counters, LINT0, LINT1, error."""
                on write(v, n, before) { if set_lvt(n, v, before) { arm() } }
            }
            reg initial_count @0x380: u32 rw { on write(v, before) { start_count(v, before) } }
            reg current @0x390: u32 ro = current_count()
            reg unknown_3a[4] @0x3a0: u32 stride 16 rw {
                on read { return illegal() }
                on write(v) { let nothing = illegal() }
            }
            reg divide_configuration @0x3e0: u32 rw {
                low: 1..0
                high: 3
                rest: zero
                on write(v, before) {
                    divide_configuration = before
                    settle()
                    divide(v)
                    plan()
                }
            }
            reg unknown_3f[193] @0x3f0: u32 stride 16 rw {
                on read { return illegal() }
                on write(v) { let nothing = illegal() }
            }
        }
    }
    fn illegal() -> u32 {
        error(7)
        return 0
    }
    fn latch_errors() {
        esr = u32(errors)
        errors = 0
    }
    # In TSC-deadline mode the initial count is not written (12.5.4.1).
    fn start_count(v: u32, before: u32) {
        initial_count = before
        if mode() != 2 {
            settle()
            set_count(v)
            plan()
        }
    }

    # ---- Model-specific registers: IA32_APIC_BASE, IA32_TSC_DEADLINE, x2APIC (12.12, table 12-6)

    # 12.4.4, figure 12-26.
    fn base_value() -> u64 {
        let mut value = page_address
        value[8] = boot != bsp_changed
        value[10] = x2
        value[11] = enabled
        return value
    }
    # 12.12.5, figure 12-27: into x2APIC mode only from xAPIC mode, out of it only to the disabled APIC.
    fn is_base(v: u64) -> bool {
        if (v & 0x2ff) != 0 || v >> physical_bits != 0 { return false }
        if v[10] && !(x2apic && enabled && v[11]) { return false }
        return !x2 || v[10] || !v[11]
    }
    fn write_base(v: u64) -> bool {
        if !is_base(v) { return false }
        let disables = enabled && !v[11]
        let extends = v[10] && !x2
        page_address = v & ~u64(0xfff)
        bsp_changed = v[8] != boot
        enabled = v[11]
        x2 = v[10]
        # 12.4.3: what an APIC was set to is lost when it is disabled; the destination changes its place in the ICR.
        if disables { reset_registers() }
        if extends { icr_high = 0 }
        return true
    }
    fn write_deadline(v: u64) -> bool {
        if mode() == 2 { deadline = v }
        return tsc_deadline
    }

    # Table 12-6: register n of the page is number 0x800 + n. A register that is not there, or not for reading, faults.
    fn read_x2(n: u8) {
        if n >= 0x10 && n < 0x18 {
            emit msr_value(u64(isr[n - 0x10]))
        } else if n >= 0x18 && n < 0x20 {
            emit msr_value(u64(tmr[n - 0x18]))
        } else if n >= 0x20 && n < 0x28 {
            emit msr_value(u64(irr[n - 0x20]))
        } else if n >= 0x32 && n < 0x38 {
            emit msr_value(u64(lvt[n - 0x32]))
        } else {
            match n {
                0x02 => { emit msr_value(u64(id)) }
                0x03 => { emit msr_value(0x00050014) }
                0x08 => { emit msr_value(u64(tpr)) }
                0x0a => { emit msr_value(u64(processor_priority())) }
                # 12.12.10.2: the logical ID follows from the ID.
                0x0d => { emit msr_value(u64(id) >> 4 << 16 | u64(u32(1) << id[3..0])) }
                0x0f => { emit msr_value(u64(svr)) }
                0x28 => { emit msr_value(u64(esr)) }
                0x30 => { emit msr_value(u64(icr_destination) << 32 | u64(icr_low)) }
                0x38 => { emit msr_value(u64(initial_count)) }
                0x39 => { emit msr_value(u64(current_count())) }
                0x3e => { emit msr_value(u64(divide_configuration)) }
                _ => { emit fault(13) }
            }
        }
    }
    on select_msr(number) { msr = number }
    on rdmsr {
        if msr == 0x1b {
            emit msr_value(base_value())
        } else if msr == 0x6e0 && tsc_deadline {
            emit msr_value(deadline)
        } else if msr[31..8] == 8 && x2 {
            read_x2(msr[7..0])
        } else {
            emit fault(13)
        }
    }
    state { icr_destination: u32 = 0 """In x2APIC mode all 32 bits of the high half.""" }

    # 12.12.1.2: a bit that is reserved is written as 0. Remote IRR of the pins is read-only, and may be written.
    fn is_accepted(n: u8, v: u64) -> bool {
        match n {
            0x08 | 0x3f => return v < 0x100
            0x0b | 0x28 => return v == 0
            0x0f => return v < 0x400
            0x30 => return (v & 0xfff33000) == 0
            0x32 | 0x33 | 0x34 | 0x37 => return (v & ~u64(lvt_bits(u3(n - 0x32)))) == 0
            0x35 | 0x36 => return (v & ~u64(0x1e7ff)) == 0
            0x38 => return v[63..32] == 0
            0x3e => return (v & ~u64(0xb)) == 0
            _ => return false
        }
        return false
    }
    fn write_x2(n: u8, v: u64) -> bool {
        if !is_accepted(n, v) { return false }
        let word = u32(v)
        let counts_anew = n == 0x38 || n == 0x3e
        let mut arms = counts_anew
        if n >= 0x32 && n < 0x38 { arms = set_lvt(u3(n - 0x32), word, lvt[n - 0x32]) }
        if counts_anew { settle() }
        match n {
            0x08 => tpr = word
            0x0b => end_of_interrupt()
            0x0f => set_svr(word)
            0x28 => latch_errors()
            0x30 => {
                icr_low = word
                icr_destination = v[63..32]
                send(icr_low, icr_destination)
            }
            0x38 => { if mode() != 2 { set_count(word) } }
            0x3e => divide(word)
            # 12.12.11
            0x3f => { if word < 16 { error(5) } else { latch(word[7..0], false) } }
            _ => pass
        }
        if arms { arm() }
        return true
    }
    fn write_selected(v: u64) -> bool {
        if msr == 0x1b { return write_base(v) }
        if msr == 0x6e0 { return write_deadline(v) }
        return msr[31..8] == 8 && x2 && write_x2(msr[7..0], v)
    }
    on wrmsr(v) { if !write_selected(v) { emit fault(13) } }

    invariant !x2 || (enabled && x2apic)
    invariant deadline == 0 || mode() == 2
    invariant irr[0][15..0] == 0 && isr[0][15..0] == 0

    test "after a reset (12.4.7.1)" {
        expect read(local_id) == 0
        expect read(version) == 0x00050014
        expect read(tpr) == 0
        expect read(apr) == 0
        expect read(ppr) == 0
        expect read(remote_read) == 0
        expect read(ldr) == 0
        expect read(dfr) == 0xffffffff
        expect read(svr) == 0xff
        for n in 0..8 {
            expect read(isr[n]) == 0
            expect read(tmr[n]) == 0
            expect read(irr[n]) == 0
        }
        expect read(esr) == 0
        expect read(icr_low) == 0
        expect read(icr_high) == 0
        expect read(lvt[0]) == 0x10000
        expect read(lvt[3]) == 0x700
        expect read(lvt[5]) == 0x10000
        expect read(initial_count) == 0
        expect read(current) == 0
        expect read(divide_configuration) == 0
        expect !intr
    }
    test "a request, its service and its end" {
        host.message(0x41)
        expect !intr
        write(svr, 0x1ff)
        host.message(0x41)
        expect intr
        expect read(irr[2]) == 2
        host.inta()
        expect host.vector.pop_or(0) == 0x41
        expect !intr
        expect read(isr[2]) == 2
        expect read(ppr) == 0x40
        host.message(0x4f)
        expect !intr
        host.message(0x51)
        expect intr
        write(eoi_register, 0)
        expect read(isr[2]) == 0
        expect host.eoi.len == 0
    }
    test "task priority keeps classes out" {
        write(svr, 0x1ff)
        write(tpr, 0x50)
        host.message(0x5f)
        expect !intr
        expect read(apr) == 0x50
        host.message(0x60)
        expect intr
        write(tpr, 0xffffff00)
        expect read(tpr) == 0
    }
    test "the end of a level-triggered interrupt is told" {
        write(svr, 0x1ff)
        host.message(0x8031)
        expect read(tmr[1]) == 0x20000
        host.inta()
        write(eoi_register, 0)
        expect host.eoi.pop_or(0) == 0x31
    }
    test "spurious: nothing to deliver gives the spurious vector" {
        write(svr, 0x1fe)
        host.inta()
        expect host.vector.pop_or(0) == 0xfe
        for n in 0..8 { expect read(isr[n]) == 0 }
    }
    test "errors: illegal vectors and registers" {
        write(svr, 0x1ff)
        write(lvt[5], 0x30)
        host.message(0x05)
        expect intr
        expect read(esr) == 0
        expect read(unknown_low[0]) == 0
        write(icr_low, 0x03)
        write(esr, 0)
        expect read(esr) == 0xe0
        write(esr, 0)
        expect read(esr) == 0
    }
    test "one shot" {
        write(svr, 0x1ff)
        write(lvt[0], 0x40)
        write(divide_configuration, 0xb)
        write(initial_count, 100000)
        advance(40 us)
        expect read(current) == 60000
        expect !intr
        advance(60 us)
        expect intr
        expect read(current) == 0
        host.inta()
        write(eoi_register, 0)
        advance(1 s)
        expect !intr
    }
    test "periodic, divided by 16" {
        write(svr, 0x1ff)
        write(lvt[0], 0x20040)
        write(divide_configuration, 3)
        write(initial_count, 10000)
        for i in 0..3 {
            advance(160 us)
            expect intr
            host.inta()
            write(eoi_register, 0)
            expect !intr
        }
        write(initial_count, 0)
        advance(1 s)
        expect !intr
    }
    test "TSC deadline" {
        write(svr, 0x1ff)
        write(lvt[0], 0x40040)
        write(initial_count, 5)
        expect read(initial_count) == 0
        host.select_msr(0x6e0)
        host.wrmsr(12345)
        expect awaited_tsc == 12345
        host.rdmsr()
        expect host.msr_value.pop_or(0) == 12345
        host.tsc_reached()
        expect intr
        host.rdmsr()
        expect host.msr_value.pop_or(1) == 0
        host.inta()
        write(eoi_register, 0)
        host.tsc_reached()
        expect !intr
    }
    test "LINT0 as ExtINT, and a level that asks again" {
        host.rise(0)
        expect intr
        host.fall(0)
        expect !intr
        write(svr, 0x1ff)
        write(lvt[3], 0x8044)
        host.rise(0)
        expect read(lvt[3]) == 0xc044
        host.inta()
        write(eoi_register, 0)
        expect intr
        host.inta()
        host.fall(0)
        write(eoi_register, 0)
        expect !intr
    }
    test "software-disabled: every entry is masked and stays so" {
        write(svr, 0x1ff)
        write(lvt[1], 0x50)
        write(svr, 0xff)
        expect read(lvt[1]) == 0x10050
        write(lvt[1], 0x50)
        expect read(lvt[1]) == 0x10050
    }
    test "messages of the ICR" {
        write(svr, 0x1ff)
        write(icr_high, 0x03ffffff)
        write(icr_low, 0xffff10f1)
        expect read(icr_high) == 0x03000000
        write(icr_high, 0x03000000)
        write(icr_low, 0x40fd)
        expect host.ipi.len == 2
        write(icr_low, 0x40041)
        expect intr
        expect host.ipi.len == 2
        write(icr_low, 0x8500)
        expect host.ipi.len == 2
    }
    test "NMI, INIT and start-up are the processor's" {
        host.message(0x400)
        host.message(0x500)
        host.message(0x699)
        expect host.processor.pop_or(0) == 0x400
        expect host.processor.pop_or(0) == 0x500
        expect host.processor.pop_or(0) == 0x699
        host.rise(1)
        expect host.processor.len == 0
    }
    test "x2APIC: the registers by number, and no way straight back" {
        host.select_msr(0x802)
        host.rdmsr()
        expect host.fault.pop_or(0) == 13
        host.select_msr(0x1b)
        host.wrmsr(0xfee00d00)
        expect host.fault.len == 0
        host.select_msr(0x80f)
        host.wrmsr(0x1ff)
        host.select_msr(0x83f)
        host.wrmsr(0x41)
        expect intr
        host.select_msr(0x822)
        host.rdmsr()
        expect host.msr_value.pop_or(0) == 2
        host.inta()
        host.select_msr(0x80b)
        host.wrmsr(1)
        expect host.fault.pop_or(0) == 13
        host.wrmsr(0)
        host.select_msr(0x812)
        host.rdmsr()
        expect host.msr_value.pop_or(9) == 0
        host.select_msr(0x1b)
        host.wrmsr(0xfee00900)
        expect host.fault.pop_or(0) == 13
        host.wrmsr(0xfee00100)
        host.wrmsr(0xfee00900)
        expect host.fault.len == 0
        expect read(version) == 0x00050014
    }
    test "x2APIC: reset values by number (table 12-6), and numbers that are no register" {
        host.select_msr(0x1b)
        host.rdmsr()
        expect host.msr_value.pop_or(0) == 0xfee00900
        host.wrmsr(0xfee00d00)
        for n in 0..0x28 {
            host.select_msr(0x800 + n)
            host.rdmsr()
        }
        expect host.msr_value.pop_or(9) == 0
        expect host.msr_value.pop_or(0) == 0x00050014
        expect host.msr_value.pop_or(9) == 0
        expect host.msr_value.pop_or(9) == 0
        expect host.msr_value.pop_or(0) == 1
        expect host.msr_value.pop_or(0) == 0xff
        expect host.msr_value.len == 24
        expect host.fault.len == 10
        for n in 0..24 { expect host.msr_value.pop_or(9) == 0 }
        for n in 0x28..0x100 {
            host.select_msr(0x800 + n)
            host.rdmsr()
        }
        expect host.msr_value.len == 11
        expect host.fault.len == 215
        expect host.msr_value.pop_or(9) == 0
        expect host.msr_value.pop_or(9) == 0
        for n in 0..3 { expect host.msr_value.pop_or(0) == 0x10000 }
        expect host.msr_value.pop_or(0) == 0x700
        for n in 0..2 { expect host.msr_value.pop_or(0) == 0x10000 }
    }
    test "x2APIC: what is reserved faults and changes nothing (12.12.1.2)" {
        host.select_msr(0x1b)
        host.wrmsr(0xfee00d00)
        host.select_msr(0x80f)
        host.wrmsr(0x5ff)
        host.select_msr(0x808)
        host.wrmsr(0x100)
        host.select_msr(0x828)
        host.wrmsr(1)
        host.select_msr(0x830)
        host.wrmsr(0x1000)
        host.select_msr(0x832)
        host.wrmsr(0x80000)
        host.select_msr(0x838)
        host.wrmsr(1 << 32)
        host.select_msr(0x83e)
        host.wrmsr(4)
        host.select_msr(0x83f)
        host.wrmsr(0x141)
        host.select_msr(0x802)
        host.wrmsr(0)
        expect host.fault.len == 9
        host.select_msr(0x80f)
        host.rdmsr()
        expect host.msr_value.pop_or(0) == 0xff
        expect host.ipi.len == 0
    }
    test "x2APIC: a command has 64 bits" {
        host.select_msr(0x1b)
        host.wrmsr(0xfee00d00)
        host.select_msr(0x830)
        host.wrmsr(0x12345678000048f1)
        expect host.ipi.pop_or(0) == 0x12345678000018f1
        host.rdmsr()
        expect host.msr_value.pop_or(0) == 0x12345678000048f1
    }
    test "IA32_APIC_BASE: the page moves, and an APIC that is disabled forgets" {
        write(svr, 0x1ff)
        host.select_msr(0x1b)
        host.wrmsr(0xfee00901)
        host.wrmsr(0x10000000000900)
        host.wrmsr(0xfee00500)
        expect host.fault.len == 3
        host.wrmsr(0xd0000900)
        expect page_at == 0xd0000000
        expect has_page
        expect read(svr) == 0x1ff
        host.wrmsr(0xd0000100)
        expect !has_page
        host.wrmsr(0xd0000d00)
        expect host.fault.len == 4
        host.wrmsr(0xd0000900)
        expect read(svr) == 0xff
    }
    test "of version 1" {
        restore(1, enabled: true, tpr: 0x20)
        expect page_at == 0xfee00000
        expect read(tpr) == 0x20
    }
}
