device pci_hotplug(base: ioport(20) = 0xae00, irq: gsi = 9) snapshot 1 {
    """PCI hotplug controller that the methods of the ACPI tables drive, one bit for each of the 32 slots of a bus.

    QEMU docs/specs/acpi_pci_hotplug.rst. `irq` is high while a notification waits that no guest has seen."""

    host plug: source<u16>, unplug: source<u16>, fixed: source<u16>, ejected: sink<u16>
    state {
        up: [u32; 256] = 0 """Slots of each bus in which something appeared."""
        down: [u32; 256] = 0 """Slots whose device shall go."""
        kept: [u32; 256] = 0 """Slots whose device cannot be removed."""
        is_new: bool = false
    }
    derive irq = is_new

    # Words of the host: the bus in bits 15 to 8, the slot in 4 to 0.
    on plug(where) {
        up[where[15..8]][where[4..0]] = true
        is_new = true
    }
    on unplug(where) {
        if !kept[where[15..8]][where[4..0]] {
            down[where[15..8]][where[4..0]] = true
            is_new = true
        }
    }
    on fixed(where) { kept[where[15..8]][where[4..0]] = true }

    fn bus() -> u8 { return bnum[7..0] }
    fn has_bus() -> bool { return bnum < 256 }

    bank ports: pio @base, size 20, gaps reserved, access 4 {
        reg pciu @0: u32 ro {
            """PCIU, slots with a new device on the selected bus; a read takes them."""
            on read {
                is_new = false
                if !has_bus() { return 0 }
                let slots = up[bus()]
                up[bus()] = 0
                return slots
            }
        }
        reg pcid @4: u32 ro {
            """PCID, slots whose device shall be ejected; they stay until it was."""
            on read {
                is_new = false
                if !has_bus() { return 0 }
                return down[bus()]
            }
        }
        reg b0ej @8: u32 rw {
            """B0EJ: a bit written ejects the slot's device; reads as the features there are, which is none."""
            on read { return 0 }
            on write(v) {
                if has_bus() {
                    for slot in 0..32 {
                        if v[slot] && !kept[bus()][slot] {
                            down[bus()][slot] = false
                            up[bus()][slot] = false
                            emit ejected(u16(bus()) << 8 | u16(slot))
                        }
                    }
                }
            }
        }
        reg rmv @12: u32 ro {
            """RMV, slots whose device can be removed."""
            on read {
                if !has_bus() { return 0 }
                return ~kept[bus()]
            }
        }
        reg bnum @16: u32 rw """BNUM, the bus that the others are about."""
    }

    test "after a reset nothing waits, bus 0 is selected and everything can be removed" {
        expect read(pciu) == 0
        expect read(pcid) == 0
        expect read(b0ej) == 0
        expect read(rmv) == 0xffffffff
        expect read(bnum) == 0
        expect !irq
    }
    test "a device appears and is seen once" {
        host.plug(0x0103)
        expect irq
        write(bnum, 1)
        expect read(pciu) == 8
        expect !irq
        expect read(pciu) == 0
    }
    test "a device goes when the guest ejects it" {
        host.unplug(0x0005)
        expect irq
        expect read(pcid) == 0x20
        expect read(pcid) == 0x20
        expect host.ejected.len == 0
        write(b0ej, 0x20)
        expect host.ejected.pop_or(0) == 5
        expect read(pcid) == 0
    }
    test "what cannot be removed stays" {
        host.fixed(1)
        host.unplug(1)
        expect !irq
        expect read(rmv) == 0xfffffffd
        write(b0ej, 2)
        expect host.ejected.len == 0
    }
    test "a bus that is not there has no slots" {
        host.plug(0xff1f)
        write(bnum, 0x1ff)
        expect read(pciu) == 0
        expect read(rmv) == 0
        write(b0ej, 0xffffffff)
        expect host.ejected.len == 0
        write(bnum, 0xff)
        expect read(pciu) == 0x80000000
    }
}
