device pci(
    config_address: ioport(1) = 0xcf8
        """Address of a configuration access: 32 bits wide, though it claims one port.""",
    config_data: ioport(4) = 0xcfc """Data of a configuration access.""",
    ecam: mmio(1048576) = 0xe0000000 """Configuration space of bus 0 as memory.""",
) : single snapshot 1 {
    """PCI bus 0 with its host bridge: where `pci_disk` and its kin sit.

    PCI Local Bus Specification 3.0, section 3.2.2.3.2 (configuration mechanism #1), and PCI Express Base 7.2.2 (ECAM, which ACPI's
    MCFG names). The host bridge is function 0 of slot 0. Those of the other slots are the host's: each is asked, and written to, in
    accesses of 1, 2 or 4 bytes that are aligned. Where no function is, reads give ones."""

    # What is asked about, and the high half of what is written: the slot in bits 20 to 16, how many bytes in 14 to 12, and the first.
    host config: query<u32, u32>, stored: sink<u64>
    state {
        interrupt_line: u8 = 0
            """Of the host bridge; the one register of its own that holds something."""
    }

    # A generic host bridge, as QEMU's gpex calls itself: guests know of no errata.
    fn own(dword: u16) -> u32 {
        if dword == 0 { return 0x00081b36 }
        if dword == 2 { return 0x06000000 }
        if dword == 15 { return u32(interrupt_line) }
        return 0
    }
    # Of bus 0, and of each slot function 0.
    fn is_there(bus_slot_function: u16) -> bool {
        return bus_slot_function < 256 && bus_slot_function[2..0] == 0
    }
    fn place(bus_slot_function: u16, offset: u16, bytes: u32) -> u32 {
        return u32(bus_slot_function[7..3]) << 16 | bytes << 12 | u32(offset)
    }
    fn read_config(bus_slot_function: u16, offset: u16, bytes: u32) -> u32 {
        if !is_there(bus_slot_function) { return 0xffffffff }
        if bus_slot_function != 0 { return config(place(bus_slot_function, offset, bytes)) }
        return own(offset >> 2) >> (8 * (offset & 3))
    }
    fn write_config(bus_slot_function: u16, offset: u16, bytes: u32, value: u32) {
        if is_there(bus_slot_function) {
            if bus_slot_function != 0 {
                emit stored(u64(place(bus_slot_function, offset, bytes)) << 32 | u64(value))
            } else if offset == 0x3c {
                interrupt_line = u8(value)
            }
        }
    }

    fn selected() -> u16 { return u16(config_addr >> 8) }

    bank address: pio @config_address, size 1, access 4 {
        reg config_addr @0: u32 rw {
            """CONFIG_ADDRESS. Only accesses of 32 bits are its own; others are ordinary I/O."""
            enable: 31
            bus: 23..16
            slot: 15..11
            func: 10..8
            dword: 7..2
            rest: zero
        }
    }
    bank data: pio @config_data, size 4, access 1, 2, 4 {
        reg config_dword @0: u32 rw {
            """CONFIG_DATA: the double word that CONFIG_ADDRESS selects, or a part of it."""
            on read(at, bytes) {
                if !config_addr.enable { return 0xffffffff }
                return read_config(selected(), u16(config_addr.dword) << 2 | u16(at), u32(bytes))
            }
            on write(v, at, bytes) {
                if config_addr.enable {
                    write_config(selected(), u16(config_addr.dword) << 2 | u16(at), u32(bytes), v)
                }
            }
        }
    }
    bank memory: mmio @ecam, size 1048576, access 1, 2, 4 {
        reg config_space[262144] @0: u32 rw {
            """ECAM: 4 KiB for each function."""
            on read(i, at, bytes) {
                return read_config(u16(i >> 10), u16((i & 0x3ff) << 2 | at), u32(bytes))
            }
            on write(v, i, at, bytes) {
                write_config(u16(i >> 10), u16((i & 0x3ff) << 2 | at), u32(bytes), v)
            }
        }
    }

    test "after a reset nothing is selected" {
        expect read(config_addr) == 0
        expect read(config_dword) == 0xffffffff
        expect host.config.len == 0
    }
    test "reserved bits and the low two read as zero" {
        write(config_addr, 0xffffffff)
        expect read(config_addr) == 0x80fffffc
    }
    test "a function answers when it is asked" {
        host.config(0x10441af4)
        write(config_addr, 0x80001804)
        expect host.config.len == 0
        expect read(config_dword) == 0x10441af4
        expect host.config.pop_or(0) == 0x00034004
        expect config_addr.slot == 3
        expect read(config_space[0x6000 + 1]) == 0x10441af4
        expect host.config.pop_or(0) == 0x00034004
    }
    test "what is written goes to the function, with its place" {
        write(config_addr, 0x80001804)
        write(config_dword, 0x12345678)
        expect host.stored.pop_or(0) == 0x0003400412345678
        write(config_space[0x6000], 1)
        expect host.stored.pop_or(0) == 0x0003400000000001
    }
    test "the host bridge is slot 0, and keeps its interrupt line until a reset" {
        write(config_addr, 0x80000000)
        expect read(config_dword) == 0x00081b36
        expect read(config_space[2]) == 0x06000000
        write(config_space[15], 0xabcdef12)
        write(config_space[0], 0)
        expect read(config_space[15]) == 0x12
        expect read(config_space[0]) == 0x00081b36
        expect read(config_space[0x3ff]) == 0
        reset()
        expect read(config_space[15]) == 0
        expect host.config.len == 0
        expect host.stored.len == 0
    }
    test "other buses and functions have nobody, and so has what is not enabled" {
        write(config_addr, 0x80010000)
        expect read(config_dword) == 0xffffffff
        write(config_addr, 0x80000100)
        write(config_dword, 0)
        expect read(config_space[0x400]) == 0xffffffff
        write(config_addr, 0x00001800)
        write(config_dword, 0)
        expect read(config_dword) == 0xffffffff
        expect host.config.len == 0
        expect host.stored.len == 0
    }
}
