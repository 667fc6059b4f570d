device fw_cfg(
    base: ioport(12) = 0x510 """Selector, data and DMA ports; firmware looks for them here.""",
    files: list<fw_cfg_file> = []
        """What the machine hands to its firmware and operating system, by name.""",
) : single snapshot 1 {
    """Firmware configuration: named files of the machine, read through a selector and a data port, or by DMA.

    QEMU docs/specs/fw_cfg.rst. Items are the signature, the interface's features, memory, processors and the files with their
    directory; behind its last byte an item reads as zeros. Nothing can be written to any."""
    acpi { hid = "QEMU0002" }

    host memory_below_4g: fact<u64>, memory_above_4g: fact<u64>, cpus: fact<u16>
    host byte: query<u64, u8>, word: query<u64, u32>, copy: query<u32, u8>
    host from: sink<u64>, own: sink<u64>, to: sink<u64>, store: sink<u32>
    state {
        selected: u16 = 0 """Key of the item."""
        position: u32 = 0 """Its byte that is read next."""
        address_high: u32 = 0 """High half of the address of the next transfer."""
    }

    # Keys of items that are the device's; files and their directory are the host's.
    enum Item: u16 {
        signature = 0
        id = 1
        ram_size = 3
        nb_cpus = 5
        max_cpus = 15
        file_dir = 0x19
    }
    fn value(key: u16) -> u64 {
        if key == u16(Item.signature) { return 0x554d4551 }
        # The traditional interface, and DMA.
        if key == u16(Item.id) { return 3 }
        if key == u16(Item.ram_size) { return memory_below_4g + memory_above_4g }
        if key == u16(Item.nb_cpus) || key == u16(Item.max_cpus) { return u64(cpus) }
        return 0
    }
    fn place() -> u64 { return u64(selected) << 32 | u64(position) }
    # Bit 14 once asked to write the item, and means nothing now; bit 15 is part of the key.
    fn select(key: u16) {
        selected = key & 0xbfff
        position = 0
    }
    fn advance(count: u32) {
        if count > 0xffffffff - position { position = 0xffffffff } else { position += count }
    }
    fn big_endian(v: u32) -> u32 {
        return u32(v[7..0]) << 24 | u32(v[15..8]) << 16 | u32(v[23..16]) << 8 | u32(v[31..24])
    }
    # Address of an FWCfgDmaAccess: control, length, address.
    fn transfer(at: u64) {
        let control = big_endian(word(at))
        let length = big_endian(word(at + 4))
        let high = big_endian(word(at + 8))
        let low = big_endian(word(at + 12))
        let mut failed: u32 = 0
        # SELECT
        if control[3] { select(u16(control >> 16)) }
        if control[1] {
            # READ
            emit from(place())
            emit own(value(selected))
            emit to(u64(high) << 32 | u64(low))
            failed = u32(copy(length))
            if failed == 0 { advance(length) }
        } else if control[4] {
            # WRITE
            if length != 0 { failed = 1 }
        } else if control[2] {
            # SKIP
            advance(length)
        }
        emit to(at)
        emit store(big_endian(failed))
    }

    bank ports: pio @base, size 12, gaps reserved {
        reg selector @0: u16 wo {
            """Which item; little-endian. It begins at its first byte."""
            on write(v) { select(v) }
        }
        reg data @1: u8 ro {
            """The next byte of the item. Writes are not served, as in QEMU since 2.4."""
            on read {
                let at = position
                advance(1)
                if selected >= u16(Item.file_dir) { return byte(u64(selected) << 32 | u64(at)) }
                if at > 7 { return 0 }
                return u8(value(selected) >> (8 * at))
            }
        }
        reg dma_high @4: u32 rw {
            """Guest-physical address of an FWCfgDmaAccess, high half, big-endian; reads as "QEMU"."""
            on read { return 0x554d4551 }
            on write(v) { address_high = big_endian(v) }
        }
        reg dma_low @8: u32 rw {
            """The low half; writing it starts the transfer, which is over when the write is. Reads as " CFG"."""
            on read { return 0x47464320 }
            on write(v) {
                let at = u64(address_high) << 32 | u64(big_endian(v))
                address_high = 0
                transfer(at)
            }
        }
    }

    test "after a reset the signature is selected" {
        expect read(data) == 0x51
        expect read(data) == 0x45
        expect read(data) == 0x4d
        expect read(data) == 0x55
        for i in 0..8 { expect read(data) == 0 }
        expect read(dma_high) == 0x554d4551
        expect read(dma_low) == 0x47464320
        expect host.byte.len == 0
    }
    test "it has DMA" {
        write(selector, 1)
        expect read(data) == 3
        for i in 0..4 { expect read(data) == 0 }
    }
    test "it knows how many processors there are" {
        write(selector, 5)
        expect read(data) == 1
        expect read(data) == 0
    }
    test "a file is read byte by byte" {
        host.byte(0xaa)
        write(selector, 0x4020)
        expect read(data) == 0xaa
        expect read(data) == 0xaa
        expect host.byte.pop_or(0) == 0x2000000000
        expect host.byte.pop_or(0) == 0x2000000001
        write(selector, 0x20)
        expect read(data) == 0xaa
        expect host.byte.pop_or(0) == 0x2000000000
    }
    test "what is selected for this architecture alone is another item" {
        host.byte(0)
        write(selector, 0x8003)
        expect read(data) == 0
        expect host.byte.pop_or(0) == 0x800300000000
    }
    test "the low half of the address starts a transfer, once" {
        # Of every word: select 0x19 and read, so many bytes to that address.
        host.word(0x0a001900)
        host.copy(0)
        write(dma_high, 0x01000000)
        expect host.word.len == 0
        write(dma_low, 0x78563412)
        for i in 0..4 { expect host.word.pop_or(0) == 0x112345678 + 4 * i }
        expect host.from.pop_or(0) == 0x1900000000
        expect host.to.pop_or(0) == 0x0019000a0019000a
        expect host.copy.pop_or(0) == 0x0019000a
        expect host.to.pop_or(0) == 0x112345678
        expect host.store.pop_or(1) == 0
        expect position == 0x0019000a
        host.word(0x02000000)
        write(dma_low, 0x00100000)
        expect host.from.pop_or(0) == 0x190019000a
        expect host.to.pop_or(0) == 0x200000002
        expect host.copy.pop_or(0) == 2
        expect host.to.pop_or(0) == 0x1000
    }
    test "an item of the device goes by DMA as well" {
        host.word(0x0a000000)
        host.copy(0)
        write(dma_low, 0)
        expect host.from.pop_or(1) == 0
        expect host.own.pop_or(0) == 0x554d4551
    }
    test "what cannot be copied is said, and nothing moves" {
        host.word(0x0a001900)
        host.copy(1)
        write(dma_low, 0)
        expect host.store.pop_or(0) == 0x01000000
        expect position == 0
    }
    test "to skip moves on without copying" {
        host.word(0x04000000)
        write(dma_low, 0)
        expect host.copy.len == 0
        expect position == 4
        expect host.store.pop_or(1) == 0
    }
    test "nothing is written" {
        host.word(0x10000000)
        write(dma_low, 0)
        expect host.store.pop_or(0) == 0x01000000
        expect host.copy.len == 0
    }
}
