device pci_config(base: ioport(8) = 0xcf8) snapshot 1 {
    """PCI configuration mechanism #1: CONFIG_ADDRESS at 0xcf8 selects, CONFIG_DATA at 0xcfc reads and writes.

    PCI Local Bus Specification 3.0, section 3.2.2.3.2. The functions themselves are the host's: it hears which double
    word is selected and brings its value (`value`), again after each read, and takes each byte that is written. Without
    the enable bit, and where no function is, CONFIG_DATA reads as ones."""

    host wanted: sink<u32>, stored: sink<u64>, value: source<u32>
    state { answer: u32 = 0xffffffff """The selected double word, as the host last brought it.""" }

    fn select() {
        answer = 0xffffffff
        if config_address.enable { emit wanted(config_address) }
    }
    on value(v) { if config_address.enable { answer = v } }

    bank ports: pio @base, size 8, gaps reserved {
        reg config_address @0: u32 rw {
            """CONFIG_ADDRESS. Only accesses of 32 bits are its own; others are ordinary I/O."""
            enable: 31
            bus: 23..16
            slot: 15..11
            func: 10..8
            dword: 7..2
            rest: zero
            on write(v) { select() }
        }
        reg config_data[4] @4 rw {
            """CONFIG_DATA, byte by byte: what is written to a function has the bytes that were written, and no others."""
            on read(n) {
                let byte = u8(answer >> (n * 8))
                if config_address.enable { emit wanted(config_address) }
                return byte
            }
            on write(v, n) {
                if config_address.enable { emit stored((u64(config_address) | n) << 32 | u64(v)) }
            }
        }
    }

    test "after a reset nothing is selected" {
        expect read(config_address) == 0
        for n in 0..4 { expect read(config_data[n]) == 0xff }
        expect host.wanted.len == 0
    }
    test "reserved bits and the low two read as zero" {
        write(config_address, 0xffffffff)
        expect read(config_address) == 0x80fffffc
    }
    test "a function answers with its double word" {
        write(config_address, 0x80000800)
        expect host.wanted.pop_or(0) == 0x80000800
        expect read(config_data[0]) == 0xff
        host.value(0x12378086)
        expect read(config_data[0]) == 0x86
        expect read(config_data[3]) == 0x12
        expect config_address.slot == 1
    }
    test "what is written names its byte" {
        write(config_address, 0x80000004)
        write(config_data[1], 0x5a)
        expect host.stored.pop_or(0) == 0x800000050000005a
        expect host.stored.len == 0
    }
    test "without the enable bit nothing happens" {
        write(config_address, 0x00000800)
        write(config_data[0], 1)
        host.value(0)
        expect read(config_data[0]) == 0xff
        expect host.wanted.len == 0
        expect host.stored.len == 0
    }
    test "another address forgets the answer" {
        write(config_address, 0x80000000)
        host.value(0)
        expect read(config_data[2]) == 0
        write(config_address, 0x80001000)
        expect read(config_data[2]) == 0xff
    }
}
