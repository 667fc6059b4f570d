device i8237(
    first: ioport(16) = 0x00 """Controller of channels 0 to 3.""",
    pages: ioport(16) = 0x80 """Page registers.""",
    second: ioport(32) = 0xc0 """Controller of channels 4 to 7.""",
) : single snapshot 1 {
    """The two 8237A DMA controllers of a PC, with the page registers: channels 0 to 3 move bytes, 5 to 7 words.

    Intel 8237A data sheet (231466), "Register Description" and "Software Commands"; page registers of the 82371AB section
    4.2.1. What moves data is the host: `moved` says that a channel made one transfer. Memory to memory is absent, as in PCs.
    In a machine nothing asks for a transfer: it answers those who look for it."""

    host request: source<u8>, release: source<u8>, moved: source<u8>, terminal_count: sink<u8>
    state {
        base_address: [u16; 8] = 0
        base_count: [u16; 8] = 0
        address: [u16; 8] = 0
        count: [u16; 8] = 0
        mode: [u6; 8] = 0 """Bits 7 to 2 of the mode register."""
        command: [u8; 2] = 0
        second_byte: [bool; 2] = false """The first/last flip-flop."""
        done: [u4; 2] = 0 """TC of each channel, until the status is read."""
        asks: [u4; 2] = 0 """DREQ of each channel."""
        software: [u4; 2] = 0
        mask: [u4; 2] = 15
    }

    fn master_clear(chip: u1) {
        command[chip] = 0
        done[chip] = 0
        software[chip] = 0
        second_byte[chip] = false
        mask[chip] = 15
    }
    fn part(word: u16, is_high: bool) -> u8 {
        if is_high { return word[15..8] }
        return word[7..0]
    }
    # Current registers are read, base and current ones are written, low byte first.
    fn read_channel(chip: u1, place: u3) -> u8 {
        let channel = u3(chip) << 2 | u3(place[2..1])
        let is_high = second_byte[chip]
        second_byte[chip] = !is_high
        if place[0] { return part(count[channel], is_high) }
        return part(address[channel], is_high)
    }
    fn write_channel(chip: u1, place: u3, v: u8) {
        let channel = u3(chip) << 2 | u3(place[2..1])
        let is_high = second_byte[chip]
        second_byte[chip] = !is_high
        if place[0] {
            if is_high { base_count[channel][15..8] = v } else { base_count[channel][7..0] = v }
            count[channel] = base_count[channel]
        } else {
            if is_high { base_address[channel][15..8] = v } else { base_address[channel][7..0] = v }
            address[channel] = base_address[channel]
        }
    }
    fn status(chip: u1) -> u8 {
        let byte = u8(asks[chip] | software[chip]) << 4 | u8(done[chip])
        done[chip] = 0
        return byte
    }
    fn write_request(chip: u1, v: u8) { software[chip][v[1..0]] = v[2] }
    fn write_mask(chip: u1, v: u8) { mask[chip][v[1..0]] = v[2] }
    fn write_mode(chip: u1, v: u8) { mode[u3(chip) << 2 | u3(v[1..0])] = v[7..2] }

    on request(channel) { if channel < 8 { asks[u1(channel >> 2)][channel[1..0]] = true } }
    on release(channel) { if channel < 8 { asks[u1(channel >> 2)][channel[1..0]] = false } }

    # Whether the channel may move: asked for, not masked, its controller not disabled. A cascade moves nothing itself.
    fn is_served(channel: u3) -> bool {
        let chip = u1(channel >> 2)
        let line = channel[1..0]
        return (asks[chip][line] || software[chip][line]) &&
            !mask[chip][line] &&
            !command[chip][2] &&
            mode[channel][5..4] != 3
    }
    # "Transfer types", "Autoinitialize": the count goes below 0 at the terminal count.
    on moved(which) {
        if which < 8 {
            let channel = u3(which)
            let chip = u1(channel >> 2)
            let line = channel[1..0]
            if is_served(channel) {
                if mode[channel][3] {
                    address[channel] = address[channel] - 1
                } else {
                    address[channel] = address[channel] + 1
                }
                count[channel] = count[channel] - 1
                if count[channel] == 0xffff {
                    done[chip][line] = true
                    software[chip][line] = false
                    emit terminal_count(which)
                    if mode[channel][2] {
                        address[channel] = base_address[channel]
                        count[channel] = base_count[channel]
                    } else {
                        mask[chip][line] = true
                    }
                }
            }
        }
    }

    bank controller1: pio @first, size 16, gaps reserved {
        reg channel1[8] @0 rw {
            """Address and count of channels 0 to 3, by turns."""
            on read(n) { return read_channel(0, n) }
            on write(v, n) { write_channel(0, n, v) }
        }
        reg status1 @8 ro { on read { return status(0) } }
        reg command1 @8 wo { on write(v) { command[0] = v } }
        reg request1 @9 wo { on write(v) { write_request(0, v) } }
        reg single_mask1 @10 wo { on write(v) { write_mask(0, v) } }
        reg mode1 @11 wo { on write(v) { write_mode(0, v) } }
        reg clear_flip_flop1 @12 wo { on write(v) { second_byte[0] = false } }
        reg temporary1 @13 ro { on read { return 0 } }
        reg master_clear1 @13 wo { on write(v) { master_clear(0) } }
        reg clear_mask1 @14 wo { on write(v) { mask[0] = 0 } }
        reg all_mask1 @15 rw {
            on read { return u8(mask[0]) | 0xf0 }
            on write(v) { mask[0] = v[3..0] }
        }
    }
    bank page_registers: pio @pages, size 16, gaps reserved {
        reg page[16] @0 rw
        """Address bits 23 to 16: of channel 2 at 1, 3 at 2, 1 at 3, 0 at 7, 6 at 9, 7 at 10, 5 at 11. Port 0x80 is the POST code."""
    }
    bank controller2: pio @second, size 32, gaps reserved {
        reg channel2[8] @0 stride 2 rw {
            on read(n) { return read_channel(1, n) }
            on write(v, n) { write_channel(1, n, v) }
        }
        reg status2 @16 ro { on read { return status(1) } }
        reg command2 @16 wo { on write(v) { command[1] = v } }
        reg request2 @18 wo { on write(v) { write_request(1, v) } }
        reg single_mask2 @20 wo { on write(v) { write_mask(1, v) } }
        reg mode2 @22 wo { on write(v) { write_mode(1, v) } }
        reg clear_flip_flop2 @24 wo { on write(v) { second_byte[1] = false } }
        reg temporary2 @26 ro { on read { return 0 } }
        reg master_clear2 @26 wo { on write(v) { master_clear(1) } }
        reg clear_mask2 @28 wo { on write(v) { mask[1] = 0 } }
        reg all_mask2 @30 rw {
            on read { return u8(mask[1]) | 0xf0 }
            on write(v) { mask[1] = v[3..0] }
        }
    }

    test "after a reset every channel is masked" {
        expect read(status1) == 0
        expect read(status2) == 0
        expect read(all_mask1) == 0xff
        expect read(all_mask2) == 0xff
        expect read(temporary1) == 0
        for n in 0..8 {
            expect read(channel1[n]) == 0
            expect read(channel2[n]) == 0
        }
        for n in 0..16 { expect read(page[n]) == 0 }
    }
    test "the flip-flop tells the bytes of an address" {
        write(clear_flip_flop1, 0)
        write(channel1[4], 0x34)
        write(channel1[4], 0x12)
        expect read(channel1[4]) == 0x34
        write(clear_flip_flop1, 0)
        expect read(channel1[4]) == 0x34
        expect read(channel1[4]) == 0x12
    }
    test "a transfer ends with the terminal count and masks its channel" {
        write(mode1, 0x46)
        write(channel1[4], 0)
        write(channel1[4], 0x10)
        write(channel1[5], 1)
        write(channel1[5], 0)
        write(single_mask1, 2)
        host.request(2)
        expect read(status1) == 0x40
        host.moved(2)
        host.moved(2)
        expect host.terminal_count.pop_or(0) == 2
        expect read(channel1[4]) == 2
        expect read(channel1[4]) == 0x10
        expect read(status1) == 0x44
        expect read(status1) == 0x40
        expect read(all_mask1) == 0xff
        host.moved(2)
        expect read(channel1[4]) == 2
    }
    test "autoinitialisation begins anew, downwards" {
        write(mode2, 0x75)
        write(channel2[2], 9)
        write(channel2[2], 0)
        write(channel2[3], 0)
        write(channel2[3], 0)
        write(single_mask2, 1)
        host.request(5)
        host.moved(5)
        expect host.terminal_count.pop_or(0) == 5
        expect read(channel2[2]) == 9
        expect read(all_mask2) == 0xfd
        expect read(status2) == 0x22
    }
    test "a masked channel, a disabled controller and a cascade move nothing" {
        host.request(1)
        host.moved(1)
        write(clear_mask1, 0)
        write(command1, 4)
        host.moved(1)
        expect read(channel1[2]) == 0
        expect read(channel1[2]) == 0
        write(command1, 0)
        write(mode1, 0xc1)
        host.moved(1)
        expect read(channel1[2]) == 0
        host.moved(9)
        expect host.terminal_count.len == 0
    }
    test "a request by software, and master clear" {
        write(request1, 7)
        expect read(status1) == 0x80
        write(clear_mask1, 0)
        write(channel1[0], 1)
        write(master_clear1, 0)
        expect read(status1) == 0
        expect read(all_mask1) == 0xff
        write(channel1[0], 2)
        write(channel1[0], 3)
        expect read(channel1[0]) == 2
    }
}
