device fw_cfg(base: ioport(12) = 0x510) snapshot 1 {
    """Firmware configuration: named items of the host, read through a selector and a data port, or by DMA.

    QEMU docs/specs/fw_cfg.rst. The host hears which item is wanted (`item`) and sends its bytes as they are read; behind
    its last byte an item reads as zeros. A transfer by DMA is the host's: it is told where the request stands."""
    acpi { hid = "QEMU0002"; uid = 0 }

    host item: sink<u16>, transfer: sink<u64>, bytes: source<u8> when !ready.full && is_streaming
    state {
        selected: u16 = 0 """Key of the item; bit 15 says that it is for this machine only."""
        ready: fifo<u8, 64>
        is_streaming: bool = false
            """The item is the host's and not one of the two that the device has itself."""
    }
    on bytes(b) { ready.push(b) }

    fn select(key: u16) {
        selected = key
        ready.clear()
        is_streaming = false
        if key == 0 {
            # FW_CFG_SIGNATURE
            ready.push(0x51)
            ready.push(0x45)
            ready.push(0x4d)
            ready.push(0x55)
        } else if key == 1 {
            # FW_CFG_ID: the traditional interface and DMA.
            ready.push(3)
            ready.push(0)
            ready.push(0)
            ready.push(0)
        } else {
            is_streaming = true
            emit item(key)
        }
    }
    on reset { select(0) }

    bank ports: pio @base, size 12, gaps reserved {
        reg selector @0: u16 wo {
            """Which item; little-endian. It begins at its first byte."""
            on write(v) { select(v) }
        }
        reg data @1: u8 ro {
            """The next byte of the item. Writes are not served, as in QEMU since 2.4."""
            on read { return ready.pop_or(0) }
        }
        reg dma_high @4: u32 rw {
            """Guest-physical address of an FWCfgDmaAccess, high half, big-endian; reads as "QEMU"."""
            on read { return 0x554d4551 }
            on write(v) { address_high = big_endian(v) }
        }
        reg dma_low @8: u32 rw {
            """The low half; writing it starts the transfer. Reads as " CFG"."""
            on read { return 0x47464320 }
            on write(v) {
                emit transfer(u64(address_high) << 32 | u64(big_endian(v)))
                address_high = 0
            }
        }
    }
    state { address_high: u32 = 0 }
    fn big_endian(v: u32) -> u32 {
        return u32(v[7..0]) << 24 | u32(v[15..8]) << 16 | u32(v[23..16]) << 8 | u32(v[31..24])
    }

    test "after a reset the signature is selected" {
        expect read(data) == 0x51
        expect read(data) == 0x45
        expect read(data) == 0x4d
        expect read(data) == 0x55
        expect read(data) == 0
        expect read(dma_high) == 0x554d4551
        expect read(dma_low) == 0x47464320
    }
    test "it has DMA" {
        write(selector, 1)
        expect read(data) == 3
        for i in 0..4 { expect read(data) == 0 }
    }
    test "an item of the host is read byte by byte, then zeros" {
        write(selector, 0x19)
        expect host.item.pop_or(0) == 0x19
        host.bytes(0xaa)
        host.bytes(0x55)
        expect read(data) == 0xaa
        expect read(data) == 0x55
        expect read(data) == 0
    }
    test "a selection begins anew" {
        write(selector, 0x8003)
        expect host.item.pop_or(0) == 0x8003
        host.bytes(1)
        write(selector, 0x8003)
        expect host.item.pop_or(0) == 0x8003
        expect read(data) == 0
    }
    test "the low half of the address starts a transfer, once" {
        write(dma_high, 0x01000000)
        expect host.transfer.len == 0
        write(dma_low, 0x78563412)
        expect host.transfer.pop_or(0) == 0x112345678
        write(dma_low, 0x00100000)
        expect host.transfer.pop_or(0) == 0x1000
    }
}
