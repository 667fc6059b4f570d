schema pvpanic : single {
    """Paravirtual panic notifier (QEMU's pvpanic-isa): by it a guest reports that it has crashed."""
    port: ioport(1) = 0x505 """Its only port."""
    events: int(1..3) = 3
        """What it says it can report: 1 a crash, 2 a crash that the guest's own crash kernel handles, 3 both."""
}
