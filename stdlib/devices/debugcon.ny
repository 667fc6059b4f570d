device debugcon(
    port: ioport(1) = 0xe9 """Bochs and small guests use 0xe9, SeaBIOS and OVMF 0x402.""",
    readback: int(0..255) = 0xe9 """What a read gives, by which a guest finds the port.""",
    backend: host<backend> = stdio """Where its bytes go.""",
) : single snapshot 1 {
    """Debug console of Bochs and QEMU: a byte written to the port appears on the host."""
    host tx: sink<u8>
    bank ports: pio @port, size 1 {
        reg debug @0 rw @expect(coalesced) {
            """Debug console port."""
            on read { return readback }
            on write(v) { emit tx(v) }
        }
    }
    test "a written byte appears" {
        write(debug, 0x41)
        expect host.tx.len == 1
        expect host.tx.pop_or(0) == 0x41
    }
    test "a read tells that it is there" { expect read(debug) == 0xe9 }
}
