device vm_generation_id(base: mmio(16) = auto, irq: gsi = auto) snapshot 1 {
    """Virtual machine generation id: 128 bits that change when the machine goes on from a snapshot or as a copy.

    Microsoft, "Virtual Machine Generation ID" (2012). A guest finds the address by ADDR of the ACPI device and is
    notified of a change by `irq`, an edge, through the generic event device."""
    acpi { hid = "VMGENCTR"; cid = "VM_Gen_Counter"; uid = 0 }

    host low: source<u64>, high: source<u64>
    timer edge
    bank id: mmio @base, size 16, gaps zero, access 1, 2, 4, 8, other widen {
        reg id_low @0: u64 ro """Bytes 0 to 7, as the host gave them."""
        reg id_high @8: u64 ro
        """Bytes 8 to 15; with them the id is complete, and the guest is told."""
    }
    derive irq = edge.running

    on low(v) { id_low = v }
    on high(v) {
        id_high = v
        edge.arm(1 ms)
    }
    on edge { pass }

    test "no id before the host gives one" {
        expect read(id_low) == 0
        expect read(id_high) == 0
        expect !irq
    }
    test "a new id is read whole, and told by one edge" {
        host.low(0x1122334455667788)
        expect !irq
        host.high(0x99aabbccddeeff00)
        expect irq
        expect read(id_low) == 0x1122334455667788
        expect read(id_high) == 0x99aabbccddeeff00
        advance(1 ms)
        expect !irq
        expect read(id_low) == 0x1122334455667788
    }
    test "reading is no acknowledgement" {
        host.high(1)
        expect read(id_high) == 1
        expect irq
    }
}
