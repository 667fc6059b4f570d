device rtc(
    base: ioport(2) = 0x70 """Index port; the data port follows it.""",
    irq: gsi = 8 """Interrupt line of alarm, periodic and update interrupts.""",
) : single snapshot 2 {
    """Real-time clock and CMOS memory (Motorola MC146818A, "Real-Time Clock plus RAM"). It keeps UTC, by the host's clock."""
    acpi { hid = "PNP0B00" }
    host wall: clock, memory_below_4g: fact<u64>, memory_above_4g: fact<u64>, cpus: fact<u16>
    state {
        index: u8 = 0
        ram: [u8; 128] """Alarm, registers A to C and plain memory. The time is not kept here."""
        offset: u64 = 0
            """Seconds from the base time to the guest's calendar, from March 1 of the year -400; wraps."""
        phase: u64 = 0 """Nanoseconds from the host's clock to the base time, less than a second."""
        stopped: u64 = 0 """The calendar while the clock stands."""
        weekday_shift: u8 = 0
            """Days that the guest's day of the week is ahead of the calendar's."""
        checked: u64 = 0 """The base time up to which events are in register C."""
    }
    timer next
    derive irq = (ram[0x0c] & ram[0x0b] & 0x70) != 0

    bank ports: pio @base, size 2 {
        reg index_port @0 wo {
            """Which byte the data port is. Bit 7 masks NMI on a PC, and is not part of it."""
            on write(v) { index = v & 0x7f }
        }
        reg data @1 rw {
            """0x00 to 0x09 and 0x32 time and alarm, 0x0a to 0x0d registers A to D, the others memory."""
            on read { return byte_at(index) }
            on write(v) {
                # Both before and after a change: what was to happen until now happened as things were.
                if index != 0x0c && index != 0x0d {
                    for round in 0..2 {
                        if round == 1 { write_byte(index, v) }
                        refresh()
                    }
                }
            }
        }
    }

    on power_on {
        ram[0x0a] = 0x26
        ram[0x0b] = 0x02
        fill_memory()
        offset = epoch()
        checked = base_time()
    }
    # "RESET": clears the enables, SQWE and the flags, nothing else. The index latch is the board's.
    on reset {
        index = 0
        ram[0x0b] &= 0x87
        for round in 0..2 {
            if round == 1 { ram[0x0c] = 0 }
            refresh()
        }
    }
    on next { refresh() }

    fn second() -> u64 { return 1000000000 }
    fn day() -> u64 { return 86400 }
    fn epoch() -> u64 {
        """1970-01-01 in seconds from March 1 of the year -400, with which every calendar begins a cycle of leap years."""
        return 865565 * 86400
    }
    fn never() -> u64 { return 0xffffffffffffffff }
    fn least(a: u64, b: u64) -> u64 {
        if a < b { return a }
        return b
    }

    # ---- What the bytes show
    fn is_binary() -> bool { return ram[0x0b][2] }
    fn digits(value: u64) -> u8 {
        """Binary or BCD, as register B says."""
        if is_binary() { return u8(value) }
        return u8(value / 10 << 4 | value % 10)
    }
    fn number(raw: u8) -> u64 {
        if is_binary() { return u64(raw) }
        return u64(raw >> 4) * 10 + u64(raw & 15)
    }
    fn hour_digits(hour: u64) -> u8 {
        if ram[0x0b][1] { return digits(hour) }
        let mut twelve = hour % 12
        if twelve == 0 { twelve = 12 }
        let mut shown = digits(twelve)
        shown[7] = hour >= 12
        return shown
    }
    fn hour_number(raw: u8) -> u64 {
        if ram[0x0b][1] { return number(raw) }
        let twelve = number(raw & 0x7f) % 12
        if raw[7] { return twelve + 12 }
        return twelve
    }
    fn byte_at(at: u8) -> u8 {
        if at == 0x0a { return register_a() }
        if at == 0x0c { return take_flags() }
        if at == 0x0d { return 0x80 }
        if is_time(at) { return byte_of_time(at) }
        return ram[at & 0x7f]
    }
    fn is_time(at: u8) -> bool {
        return at == 0x32 || (at <= 0x09 && at != 0x01 && at != 0x03 && at != 0x05)
    }
    fn byte_of_time(at: u8) -> u8 {
        let now = calendar()
        if at == 0x04 { return hour_digits(now / 3600 % 24) }
        let years = year_of_cycle(now)
        let days = day_of_year(now, years)
        let year = year_of(now, years, days)
        let mut value: u64 = year / 100
        match at {
            0x00 => value = now % 60
            0x02 => value = now / 60 % 60
            0x06 => value = (weekday(now) + u64(weekday_shift)) % 7 + 1
            0x07 => value = day_of(days)
            0x08 => value = month_of(days)
            0x09 => value = year % 100
            _ => pass
        }
        return digits(value)
    }
    fn register_a() -> u8 {
        """"Update cycle": UIP is 1 for the 244 us before it and the 1984 us that it takes."""
        let mut value = ram[0x0a]
        value[7] = runs() && base_time() % second() >= second() - 2228000
        return value
    }
    fn take_flags() -> u8 {
        let mut flags: u8 = 0
        for round in 0..2 {
            if round == 1 {
                flags = ram[0x0c]
                flags[7] = irq
                ram[0x0c] = 0
            }
            refresh()
        }
        return flags
    }

    # ---- The calendar: seconds from March 1 of the year -400
    fn runs() -> bool { return !ram[0x0b][7] && (ram[0x0a] & 0x70) == 0x20 }
    fn base_time() -> u64 { return wall.ns + phase }
    fn calendar() -> u64 {
        if runs() { return (base_time() / second() + offset) & 0x7fffffffff }
        return stopped & 0x7fffffffff
    }
    fn weekday(now: u64) -> u64 {
        """0: Sunday."""
        return (now / day() + 3) % 7
    }
    fn day_of_cycle(now: u64) -> u64 { return now / day() % 146097 }
    fn year_of_cycle(now: u64) -> u64 {
        """Years begin with March, so that the leap day is the last of one."""
        let at = day_of_cycle(now)
        return (at - at / 1460 + at / 36524 - at / 146096) / 365
    }
    fn day_of_year(now: u64, years: u64) -> u64 {
        return day_of_cycle(now) - (365 * years + years / 4 - years / 100)
    }
    fn month_from_march(days: u64) -> u64 { return (5 * days + 2) / 153 }
    fn day_of(days: u64) -> u64 { return days - (153 * month_from_march(days) + 2) / 5 + 1 }
    fn month_of(days: u64) -> u64 { return (month_from_march(days) + 2) % 12 + 1 }
    fn year_of(now: u64, years: u64, days: u64) -> u64 {
        let mut year = now / day() / 146097 * 400 + years
        if month_from_march(days) >= 10 { year += 1 }
        if year < 400 { return 0 }
        return least(year - 400, 9999)
    }
    fn last_of_month(year: u64, month: u64) -> u64 {
        if month == 2 {
            if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { return 29 }
            return 28
        }
        if month == 4 || month == 6 || month == 9 || month == 11 { return 30 }
        return 31
    }
    fn seconds_of(year: u64, month: u64, date: u64) -> u64 {
        """Of the midnight that begins it."""
        let from_march = (month + 9) % 12
        let mut years = year + 400
        if from_march >= 10 { years -= 1 }
        let days = years * 365 +
            years / 4 -
            years / 100 +
            years / 400 +
            (153 * from_march + 2) / 5 +
            date -
            1
        return days * day()
    }
    fn within(value: u64, low: u64, high: u64) -> u64 {
        if value < low { return low }
        return least(value, high)
    }
    fn set_byte_of_time(at: u8, raw: u8) {
        let now = calendar()
        let given = least(number(raw), 99)
        let mut clock = now % day()
        let years = year_of_cycle(now)
        let days = day_of_year(now, years)
        let mut date = day_of(days)
        let mut month = month_of(days)
        let mut year = year_of(now, years, days)
        let mut shown = (weekday(now) + u64(weekday_shift)) % 7
        match at {
            0x00 => clock = clock - clock % 60 + least(given, 59)
            0x02 => clock = clock - clock / 60 % 60 * 60 + least(given, 59) * 60
            0x04 => clock = clock % 3600 + least(hour_number(raw), 23) * 3600
            0x06 => shown = within(given, 1, 7) - 1
            0x07 => date = within(given, 1, 31)
            0x08 => month = within(given, 1, 12)
            0x09 => year = year - year % 100 + given
            _ => year = given * 100 + year % 100
        }
        set_calendar(
            seconds_of(year, month, least(date, last_of_month(year, month))) + clock,
            shown,
        )
    }
    fn set_calendar(seconds: u64, shown: u64) {
        weekday_shift = u8((shown + 7 - weekday(seconds)) % 7)
        stopped = seconds
        offset = seconds - base_time() / second()
    }
    fn stop() { stopped = base_time() / second() + offset }
    fn start(divider_was_reset: bool) {
        """"Divider control": the first update comes half a second after the divider is let go."""
        if divider_was_reset { phase = (second() + second() / 2 - wall.ns % second()) % second() }
        checked = base_time()
        offset = stopped - base_time() / second()
    }
    fn write_a(v: u8) {
        let ran = runs()
        let was_reset = (ram[0x0a] & 0x60) == 0x60
        if ran && (v & 0x70) != 0x20 { stop() }
        ram[0x0a] = v & 0x7f
        if !ran && runs() { start(was_reset) }
    }
    fn write_b(v: u8) {
        """SET stops updates and clears UIE."""
        let ran = runs()
        if ran && v[7] { stop() }
        if v[7] { ram[0x0b] = v & 0xef } else { ram[0x0b] = v }
        if !ran && runs() { start(false) }
    }
    fn write_byte(at: u8, v: u8) {
        if at == 0x0a {
            write_a(v)
        } else if at == 0x0b {
            write_b(v)
        } else if is_time(at) {
            set_byte_of_time(at, v)
        } else {
            ram[at & 0x7f] = v
        }
    }

    # ---- Events, as base times
    fn period() -> u64 {
        """Table 5, in ticks of 32.768 kHz; 0: none. Rates 1 and 2 are those of 8 and 9."""
        let rate = ram[0x0a] & 0x0f
        if rate == 0 { return 0 }
        if rate <= 2 { return u64(1) << (u64(rate) + 6) }
        return u64(1) << (u64(rate) - 1)
    }
    fn next_period(after: u64) -> u64 {
        let every = period()
        if every == 0 || !runs() { return never() }
        let ticks = after / second() * 32768 + after % second() * 32768 / second()
        let tick = (ticks / every + 1) * every
        return tick / 32768 * second() + (tick % 32768 * second() + 32767) / 32768
    }
    fn next_update(after: u64) -> u64 {
        if !runs() { return never() }
        return (after / second() + 1) * second()
    }
    fn matches(wanted: u8, shown: u8) -> bool {
        """0xc0 to 0xff match everything."""
        return wanted >= 0xc0 || wanted == shown
    }
    fn next_alarm(after: u64) -> u64 {
        if !runs() { return never() }
        let from = (after / second() + offset) % day()
        let mut ahead: u64 = 1
        for i in 0..300 {
            if ahead > day() { return never() }
            let at = (from + ahead) % day()
            if !matches(ram[0x05], hour_digits(at / 3600)) {
                ahead += 3600 - at % 3600
            } else if !matches(ram[0x03], digits(at / 60 % 60)) {
                ahead += 60 - at % 60
            } else if !matches(ram[0x01], digits(at % 60)) {
                ahead += 1
            } else {
                return (after / second() + ahead) * second()
            }
        }
        return never()
    }
    fn refresh() {
        """What has happened up to now goes to register C, and the timer to what is waited for. The host's clock may have been
        set back: then nothing has."""
        let now = base_time()
        let after = least(checked, now)
        let mut at = never()
        if !ram[0x0c][6] {
            let next_one = next_period(after)
            if next_one <= now { ram[0x0c][6] = true } else if ram[0x0b][6] { at = next_one }
        }
        if !ram[0x0c][5] {
            let next_one = next_alarm(after)
            if next_one <= now {
                ram[0x0c][5] = true
            } else if ram[0x0b][5] {
                at = least(at, next_one)
            }
        }
        if !ram[0x0c][4] {
            let next_one = next_update(after)
            if next_one <= now {
                ram[0x0c][4] = true
            } else if ram[0x0b][4] {
                at = least(at, next_one)
            }
        }
        checked = now
        if at == never() { next.cancel() } else { next.arm(at - now) }
    }

    # ---- What PC firmware leaves in the memory (IBM PC/AT Technical Reference; above 0x33 as SeaBIOS reads it)
    fn units_above(size: u64, start: u64, unit: u64, most: u64) -> u64 {
        if size <= start || unit == 0 { return 0 }
        return least((size - start) / unit, most)
    }
    fn fill_memory() {
        let base_kib = least(memory_below_4g / 1024, 640)
        let extended = units_above(memory_below_4g, 0x100000, 1024, 0xffff)
        let above_16m = units_above(memory_below_4g, 0x1000000, 0x10000, 0xffff)
        let above_4g = units_above(memory_above_4g, 0, 0x10000, 0xffffff)
        ram[0x14] = 2
        ram[0x15] = u8(base_kib)
        ram[0x16] = u8(base_kib >> 8)
        ram[0x17] = u8(extended)
        ram[0x18] = u8(extended >> 8)
        ram[0x30] = u8(extended)
        ram[0x31] = u8(extended >> 8)
        ram[0x34] = u8(above_16m)
        ram[0x35] = u8(above_16m >> 8)
        ram[0x5b] = u8(above_4g)
        ram[0x5c] = u8(above_4g >> 8)
        ram[0x5d] = u8(above_4g >> 16)
        ram[0x5f] = u8(cpus - 1)
        let mut sum: u16 = 0
        for i in 0x10..0x2e { sum += u16(ram[i]) }
        ram[0x2e] = u8(sum >> 8)
        ram[0x2f] = u8(sum)
    }

    invariant index < 128
    invariant weekday_shift < 7
    invariant phase < 1000000000
    invariant !ram[0x0a][7]
    invariant (ram[0x0c] & 0x8f) == 0

    test "1970 begins with a Thursday" {
        write(index_port, 0x09)
        expect read(data) == 0x70
        write(index_port, 0x32)
        expect read(data) == 0x19
        write(index_port, 0x06)
        expect read(data) == 5
    }
    test "an update interrupts each second" {
        write(index_port, 0x0b)
        write(data, 0x12)
        advance(1 s)
        expect irq
        write(index_port, 0x0c)
        expect read(data) == 0xd0
        expect !irq
        advance(1 s)
        expect irq
    }
    test "the end of a leap year's February" {
        write(index_port, 0x0b)
        write(data, 0x86)
        write(index_port, 0x32)
        write(data, 20)
        write(index_port, 0x09)
        write(data, 24)
        write(index_port, 0x08)
        write(data, 2)
        write(index_port, 0x07)
        write(data, 29)
        write(index_port, 0x04)
        write(data, 23)
        write(index_port, 0x02)
        write(data, 59)
        write(index_port, 0x00)
        write(data, 59)
        write(index_port, 0x0b)
        write(data, 0x06)
        advance(1 s)
        write(index_port, 0x08)
        expect read(data) == 3
        write(index_port, 0x07)
        expect read(data) == 1
    }
    test "a reset leaves the memory" {
        write(index_port, 0x40)
        write(data, 0xab)
        reset()
        write(index_port, 0x40)
        expect read(data) == 0xab
    }
}
