device pvpanic(
    port: ioport(1) = 0x505 """Its only port.""",
    events: int(1..3) = 3
        """What it says it can report: 1 a crash, 2 a crash that the guest's own crash kernel handles, 3 both.""",
) : single snapshot 1 {
    """Paravirtual panic notifier (QEMU's pvpanic-isa): by it a guest reports that it has crashed."""
    acpi { hid = "QEMU0001" }
    host machine: control
    bank ports: pio @port, size 1 {
        reg events_port @0 rw {
            """Events: a read gives those that are listened to, a write reports one."""
            on read { return events }
            on write(v) {
                let heard = v & events
                if heard[0] { machine.panicked(false) } else if heard[1] { machine.panicked(true) }
            }
        }
    }
    test "what it listens to" { expect read(events_port) == 3 }
    test "a crash is reported" { write(events_port, 1); expect machine.panicked }
    test "bits that mean nothing are ignored" { write(events_port, 0xfc); expect !machine.panicked }
}
