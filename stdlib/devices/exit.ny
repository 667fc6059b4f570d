device exit(
    port: ioport(4) = 0xf4 """First of its four ports.""",
) : single snapshot 1 {
    """Ends the run with a status: 32 bits written to the first port are the status of `nyx run`; above 255 it is 255. A byte
    written to a later port is that part of the status."""
    host machine: control
    bank ports: pio @port, size 4, other widen {
        reg status @0: u32 rw {
            """Exit status."""
            on read { return 0 }
            on write(v) {
                if v > 255 { machine.exit(255) } else { machine.exit(u8(v)) }
            }
        }
    }
    test "a status ends the run" {
        write(status, 42)
        expect machine.exited
        expect machine.status == 42
    }
    test "more than a byte is 255" { write(status, 256); expect machine.status == 255 }
}
