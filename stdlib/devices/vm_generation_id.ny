device vm_generation_id(
    page: mmio(4096) = auto """The page that begins with the id.""",
    irq: gsi = auto """Line by which a guest is told of another id.""",
    guid: host<string?> = null
        """The id, such as "8a3f2c1e-5b7d-4e90-a1c2-3d4e5f607182". Left out: one that no machine ever had, at each run.""",
) : single snapshot 1 {
    """Virtual machine generation id: 128 bits that are others whenever the machine is another, as a copy of it is.

    Microsoft, "Virtual Machine Generation ID" (2012). A guest finds the address by ADDR of the ACPI device, reads it without an
    exit, and is notified of a change by `irq`, an edge, through a generic event device (ACPI 6.5 section 5.6.9)."""
    acpi { hid = "NYX00001"; cid = "VM_Gen_Counter" }

    host low: source<u64>, high: source<u64>
    state { has_id: bool = false """One was given before: the next is a change.""" }
    timer edge
    bank id: mmio @page, size 4096, gaps zero, access 1, 2, 4, 8, other widen {
        reg id_low @0: u64 ro @expect(const_read) """Bytes 0 to 7, as the host gave them."""
        reg id_high @8: u64 ro @expect(const_read)
        """Bytes 8 to 15; with them the id is complete, and the guest is told of it."""
    }
    derive irq = edge.running

    on power_on { has_id = false }
    on low(v) { id_low = v }
    on high(v) {
        id_high = v
        if has_id { edge.arm(1 ms) }
        has_id = true
    }
    on edge { pass }

    test "no id before the host gives one" {
        expect read(id_low) == 0
        expect read(id_high) == 0
        expect !irq
    }
    test "a new id is read whole, and told by one edge" {
        host.high(1)
        expect !irq
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
        host.high(2)
        expect read(id_high) == 2
        expect irq
    }
    test "a reset makes no other machine" {
        host.low(1)
        host.high(2)
        reset()
        expect read(id_low) == 1
        expect read(id_high) == 2
        expect !irq
        host.high(3)
        expect irq
    }
}
