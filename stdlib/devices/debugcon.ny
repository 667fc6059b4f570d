schema debugcon : single {
    """Debug console of Bochs and QEMU: a byte written to the port appears on the host."""
    port: ioport(1) = 0xe9 """Bochs and small guests use 0xe9, SeaBIOS and OVMF 0x402."""
    readback: int(0..255) = 0xe9 """What a read gives, by which a guest finds the port."""
    backend: host<backend> = stdio """Where its bytes go."""
}
