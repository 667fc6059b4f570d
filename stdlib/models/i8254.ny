device i8254(base: ioport(4) = 0x40, port_b: ioport(1) = 0x61, out0: gsi = 0) snapshot 1 {
    """8254 programmable interval timer, as PCs have it: counter 0 is the ISA interrupt 0, counter 2 the speaker.

    Intel 8254 data sheet (231164), sections in quotes; system control port B of the ISA specification.
    At power-on, which the data sheet leaves open, all counters are in mode 0 without a count."""

    host tick: sink<u32>, set: sink<u8>
    timer clk(hz: 1193182)
    timer edge(hz: 1193182)
    state {
        control: [u6; 3] = 0x30 """RW, M and BCD of the last control word."""
        gate2: bool = false """GATE of counter 2; those of the others are high."""
        others: u3 = 0 """Bits 3 to 1 of port B: the speaker, and NMI sources that are not there."""
        loaded: [bool; 3] = false """A count was loaded: OUT follows from the time since."""
        halted: [bool; 3] = false """By GATE, after `counted` pulses."""
        count: [u17; 3] = 0 """0: none was written."""
        start: [u64; 3] = 0 """The pulse that loaded the count."""
        counted: [u64; 3] = 0
        has_next: [bool; 3] = false
            """Another count was written, which is loaded at `next_at` (modes 2, 3) or by GATE (1, 5)."""
        next: [u17; 3] = 1
        next_at: [u64; 3] = 0
        first_byte: [u8; 3] = 0
        writes_high: [bool; 3] = false """The second byte of a count is awaited."""
        reads_high: [bool; 3] = false
        has_latch: [bool; 3] = false
        latch: [u16; 3] = 0
        has_status: [bool; 3] = false
        status: [u8; 3] = 0
        seen: u64 = 0 """The pulse up to which rises of OUT 0 were told."""
    }
    on reset { clk.arm(1 << 52) }

    # Pulses of CLK. They begin far from 0: times before the first pulse are numbers, too.
    fn now() -> u64 { return clk.elapsed + 0x100000000 }

    # "Mode definitions": modes 6 and 7 are 2 and 3.
    fn mode(n: u2) -> u3 {
        let bits = control[n][3..1]
        if bits > 5 { return bits - 4 }
        return bits
    }
    fn is_periodic(n: u2) -> bool { return mode(n) == 2 || mode(n) == 3 }
    fn is_triggered(n: u2) -> bool { return mode(n) == 1 || mode(n) == 5 }
    fn is_bcd(n: u2) -> bool { return control[n][0] }
    fn gate(n: u2) -> bool { return n != 2 || gate2 }
    fn high_half(c: u64) -> u64 { return (c + 1) / 2 }
    fn into(at: u64, c: u64) -> u64 {
        if c == 0 { return 0 }
        return at % c
    }

    # The pulse that loads the count is still to come, or there is no count.
    fn is_waiting(n: u2, t: u64) -> bool { return !loaded[n] || (!halted[n] && t < start[n]) }
    fn since_load(n: u2, t: u64) -> u64 {
        if halted[n] { return counted[n] }
        if t < start[n] { return 0 }
        return t - start[n]
    }
    fn out(n: u2, t: u64) -> bool {
        let m = mode(n)
        if is_waiting(n, t) { return m != 0 }
        let at = since_load(n, t)
        let c = u64(count[n])
        if m < 2 { return at >= c }
        if m > 3 { return at != c }
        if halted[n] { return true }
        if m == 2 { return into(at, c) + 1 != c }
        return into(at, c) < high_half(c)
    }
    derive out0 = out(0, now())

    # 0 is the greatest count: 2^16, or 10^4 in BCD.
    fn count_of(n: u2, raw: u16) -> u17 {
        if is_bcd(n) {
            if raw == 0 { return 10000 }
            return u17(raw[15..12]) * 1000 +
                u17(raw[11..8]) * 100 +
                u17(raw[7..4]) * 10 +
                u17(raw[3..0])
        }
        if raw == 0 { return 0x10000 }
        return raw
    }
    # In mode 3 the counter goes down by two, twice a period; an odd count begins one below.
    fn current(n: u2, t: u64) -> u16 {
        let c = u64(count[n])
        let mut at: u64 = 0
        if loaded[n] { at = since_load(n, t) }
        let mut wrap: u64 = 0x10000
        if is_bcd(n) { wrap = 10000 }
        let mut value: u64 = 0
        if mode(n) == 2 {
            value = c - into(at, c)
        } else if mode(n) == 3 {
            let mut half = into(at, c)
            if half >= high_half(c) { half = half - high_half(c) }
            value = c - c % 2 - half * 2
        } else {
            value = c + wrap - into(at, wrap)
        }
        if !is_bcd(n) { return u16(value) }
        let digits = value % 10000
        return u16(digits / 1000) << 12 |
            u16(digits / 100 % 10) << 8 |
            u16(digits / 10 % 10) << 4 |
            u16(digits % 10)
    }

    fn load(n: u2, value: u17, at: u64) {
        loaded[n] = true
        has_next[n] = false
        count[n] = value
        start[n] = at
        counted[n] = 0
    }
    # "Mode 3": a new count takes effect at the end of the half period; if that was the high one, the low one follows.
    fn settle(n: u2, t: u64) {
        if is_periodic(n) && has_next[n] && !halted[n] && t >= next_at[n] {
            let at = next_at[n]
            if n == 0 { tell(at) }
            let ends_high = mode(n) == 3 && into(at - start[n], u64(count[n])) != 0
            load(n, next[n], at)
            if ends_high { start[n] = at - high_half(u64(next[n])) }
        }
        if n == 0 { tell(t) }
    }
    # OUT 0 by its rises, `tick`, for a board that must lose none however late it is asked; of counts below 50 us 0 tells
    # one for all. `set` is where a new control word or count took it at once, 2 where it stays.
    fn periods(t: u64, c: u64) -> u64 {
        if c == 0 || t < start[0] { return 0 }
        return (t - start[0]) / c
    }
    fn rises(t: u64) -> u64 {
        if !loaded[0] || halted[0] || t < start[0] || t < seen { return 0 }
        let c = u64(count[0])
        if is_periodic(0) {
            return periods(t, c) - periods(seen, c)
        }
        let mut rise = start[0] + c
        if mode(0) > 3 { rise += 1 }
        if seen < rise && t >= rise && !is_triggered(0) { return 1 }
        return 0
    }
    fn tell(t: u64) {
        let n = rises(t)
        if t > seen { seen = t }
        if n != 0 { if is_periodic(0) && count[0] < 60 { emit tick(0) } else { emit tick(u32(n)) } }
    }
    # Pulses until OUT changes or a count is loaded; 0: neither happens. Of counts below 50 us not every edge is shown:
    # they would have met in one bit of the 8259A.
    fn until_change(n: u2, t: u64) -> u64 {
        if !loaded[n] || halted[n] { return 0 }
        if t < start[n] { return start[n] - t }
        let at = t - start[n]
        let c = u64(count[n])
        let m = mode(n)
        if m < 2 {
            if at < c { return c - at }
            return 0
        }
        if m > 3 {
            if at < c { return c - at }
            if at == c { return 1 }
            return 0
        }
        let mut change: u64 = 1 << 32
        if c >= 2 {
            let mut high = c - 1
            if m == 3 { high = high_half(c) }
            let place = into(at, c)
            if place >= high { change = c - place }
            if place < high {
                change = high - place
                if c < 60 { change = change + 60 / c * c }
            }
        }
        if has_next[n] && next_at[n] > t && next_at[n] - t < change { change = next_at[n] - t }
        if change == 1 << 32 { return 0 }
        return change
    }
    fn arm() {
        let pulses = until_change(0, now())
        if pulses == 0 { edge.cancel() } else { edge.arm(pulses) }
    }
    on edge {
        settle(0, now())
        arm()
    }
    fn settle_all(t: u64) { for n in 0..3 { settle(n, t) } }

    # "Write operations", "Mode 0": the first of two bytes stops the counting and takes OUT low.
    fn take_count(n: u2, raw: u16, t: u64) {
        let value = count_of(n, raw)
        if !is_triggered(n) && !(is_periodic(n) && loaded[n]) {
            load(n, value, t + 1)
            halted[n] = !gate(n)
            return
        }
        has_next[n] = true
        next[n] = value
        if !is_periodic(n) { return }
        if t < start[n] {
            load(n, value, start[n])
            return
        }
        let c = u64(count[n])
        let place = into(t - start[n], c)
        if mode(n) == 3 && place < high_half(c) {
            next_at[n] = t - place + high_half(c)
        } else {
            next_at[n] = t - place + c
        }
    }
    # "Counter latch command": what is latched stays until it is read.
    fn latch_count(n: u2, t: u64) {
        if has_latch[n] { return }
        latch[n] = current(n, t)
        has_latch[n] = true
    }
    # "Read-back command", "Status byte". Null count: what was written is not yet in the counter.
    fn latch_status(n: u2, t: u64) {
        if has_status[n] { return }
        let mut byte = u8(control[n])
        byte[7] = out(n, t)
        byte[6] = is_waiting(n, t) || has_next[n]
        status[n] = byte
        has_status[n] = true
    }
    # "Programming the 8254": a control word resets the counter's logic; OUT goes to its first state, counting waits.
    fn program(n: u2, word: u8) {
        control[n] = word[5..0]
        loaded[n] = false
        halted[n] = false
        has_next[n] = false
        count[n] = 0
        counted[n] = 0
        writes_high[n] = false
        reads_high[n] = false
        has_latch[n] = false
        has_status[n] = false
    }
    # GATE of counter 2 ("Gate pin operations summary").
    fn set_gate2(level: bool, t: u64) {
        let rises = level && !gate2
        let falls = !level && gate2
        gate2 = level
        if is_triggered(2) {
            if rises && has_next[2] {
                load(2, next[2], t + 1)
            } else if rises && loaded[2] {
                load(2, count[2], t + 1)
            }
        } else if falls && loaded[2] {
            counted[2] = since_load(2, t)
            halted[2] = true
        } else if rises && halted[2] {
            halted[2] = false
            if is_periodic(2) {
                if has_next[2] { load(2, next[2], t + 1) } else { load(2, count[2], t + 1) }
            } else {
                start[2] = t - counted[2]
            }
        }
    }

    bank counters: pio @base, size 4, gaps reserved {
        reg counter[3] @0 rw {
            """Counters 0 to 2. A latched status goes before a latched count, and that before the running one."""
            on read(n) {
                let t = now()
                settle_all(t)
                if has_status[n] {
                    has_status[n] = false
                    return status[n]
                }
                let mut value = current(n, t)
                if has_latch[n] { value = latch[n] }
                let access = control[n][5..4]
                let is_both = access == 3 || access == 0
                let is_high = access == 2 || (is_both && reads_high[n])
                if is_both { reads_high[n] = !reads_high[n] }
                if !is_both || is_high { has_latch[n] = false }
                if is_high { return value[15..8] }
                return value[7..0]
            }
            on write(v, n) {
                let t = now()
                settle_all(t)
                let access = control[n][5..4]
                if access == 1 {
                    take_count(n, v, t)
                } else if access == 2 {
                    take_count(n, u16(v) << 8, t)
                } else if writes_high[n] {
                    writes_high[n] = false
                    take_count(n, u16(v) << 8 | u16(first_byte[n]), t)
                } else {
                    first_byte[n] = v
                    writes_high[n] = true
                    if mode(n) == 0 { loaded[n] = false }
                }
                if n == 0 { if mode(0) == 0 { emit set(0) } else { emit set(2) } }
                arm()
            }
        }
        reg control_word @3 wo {
            """Control word register: counter select, access, mode; 11 selects the read-back command."""
            on write(v) {
                let t = now()
                settle_all(t)
                let selected = v[7..6]
                if selected == 3 {
                    for n in 0..3 {
                        if v[n + 1] && !v[5] { latch_count(n, t) }
                        if v[n + 1] && !v[4] { latch_status(n, t) }
                    }
                } else if v[5..4] == 0 {
                    latch_count(selected, t)
                } else {
                    program(selected, v)
                    if selected == 0 { emit set(u8(out(0, t))) }
                }
                arm()
            }
        }
    }
    bank control_b: pio @port_b, size 1, gaps reserved {
        reg system_control_b @0 rw {
            """System control port B. Bit 4, refresh, changes every 18 pulses; bit 5 is OUT of counter 2."""
            on read {
                let t = now()
                settle_all(t)
                let mut byte: u8 = 0
                byte[0] = gate2
                byte[3..1] = others
                byte[4] = (t - 0x100000000) / 18 % 2 != 0
                byte[5] = out(2, t)
                return byte
            }
            on write(v) {
                let t = now()
                settle_all(t)
                others = v[3..1]
                set_gate2(v[0], t)
            }
        }
    }

    test "after a reset no counter counts, OUT is low and counter 2 is gated off" {
        for n in 0..3 { expect read(counter[n]) == 0 }
        expect read(system_control_b) == 0
        expect !out0
        write(control_word, 0xe2)
        expect read(counter[0]) == 0x70
    }
    test "mode 0: OUT rises when the count ends, and stays" {
        write(control_word, 0x30)
        write(counter[0], 10)
        write(counter[0], 0)
        expect !out0
        advance(5 us)
        expect !out0
        advance(10 us)
        expect out0
        advance(1 s)
        expect out0
        write(counter[0], 1)
        expect !out0
    }
    test "mode 2: OUT is low for one pulse in each period" {
        write(control_word, 0x34)
        expect out0
        write(counter[0], 0xa9)
        write(counter[0], 0x04)
        expect out0
        advance(999 us)
        expect out0
        advance(1 us)
        write(control_word, 0xe2)
        let status = read(counter[0])
        expect (status & 0x3f) == 0x34
    }
    test "mode 3 is high for the first half" {
        write(control_word, 0x36)
        write(counter[0], 0)
        write(counter[0], 0)
        advance(27 ms)
        expect out0
        advance(1 ms)
        expect !out0
        advance(27 ms)
        expect out0
    }
    test "a latched count stays, low byte first" {
        write(control_word, 0x34)
        write(counter[0], 0)
        write(counter[0], 0x10)
        advance(1 ms)
        write(control_word, 0x00)
        let low = read(counter[0])
        advance(100 us)
        write(control_word, 0x00)
        let high = read(counter[0])
        let value = u16(high) << 8 | u16(low)
        expect value > 0xb40
        expect value < 0xb80
    }
    test "BCD counts from 9999" {
        write(control_word, 0x31)
        write(counter[0], 0)
        write(counter[0], 0)
        advance(10 us)
        write(control_word, 0xd2)
        let low = read(counter[0])
        let high = read(counter[0])
        expect high == 0x99
        expect low == 0x90
    }
    test "status: null count until the pulse that loads" {
        write(control_word, 0xb0)
        write(control_word, 0xe8)
        expect read(counter[2]) == 0x70
        write(counter[2], 5)
        write(counter[2], 0)
        write(system_control_b, 1)
        advance(2 us)
        write(control_word, 0xe8)
        expect read(counter[2]) == 0x30
        advance(10 us)
        expect (read(system_control_b) & 0x20) == 0x20
    }
    test "a gate that is low stops counter 2" {
        write(control_word, 0xb0)
        write(counter[2], 100)
        write(counter[2], 0)
        advance(1 s)
        expect (read(system_control_b) & 0x20) == 0
        write(system_control_b, 1)
        advance(1 ms)
        expect (read(system_control_b) & 0x20) == 0x20
    }
    test "a count that was never written never ends" {
        write(control_word, 0x34)
        advance(10 s)
        expect out0
        write(control_word, 0xe2)
        expect read(counter[0]) == 0xf4
    }
    invariant (!loaded[0] || count[0] >= 1) &&
        (!loaded[1] || count[1] >= 1) &&
        (!loaded[2] || count[2] >= 1)
    invariant next[0] >= 1 && next[1] >= 1 && next[2] >= 1
}
