device names(port: ioport(4) = 0x80) {
    state { queue: fifo<u8, 4>; count: u8 = 0 }
    enum Mode { idle = 0, busy = 1 }
    host machine: control
    timer tick
    bank a: pio @port, size 4 {
        reg control @0 rw { enable: 0 }
        reg data @1 wo {
            on write(v) {
                queue.psh(v)  #~ NY0802@23 a fifo has no `psh`  #~ help did you mean `push`?
                cuont = v  #~ NY0802@17 the device has nothing called `cuont`  #~ help did you mean `count`?
                control.enabel = true  #~ NY0802@25 `control` has no `enabel`  #~ help did you mean `enable`?
                machine.halt()  #~ NY0802@25 the machine has no `halt`  #~ help it has reset, power_off, exit, panicked
                tick.start(3)  #~ NY0802@22 a timer has no `start`  #~ help it has arm, cancel, running, elapsed
                if Mode.bsy == Mode.idle { something_else = 1 }  #~ NY0802@25 `Mode` has no `bsy`  #~ help did you mean `busy`?  #~ NY0802@44 the device has nothing called `something_else`  #~ help a handler sees its parameters, `let` names, and the state, registers and ports of its device
                count.len = 3  #~ NY0802@23 `count` has no `len`
            }
        }
    }
    on tck { count = 0 }  #~ NY0802@8 nothing here is called `tck`  #~ help did you mean `tick`?
    test "names" { write(contrl, 1); host.tx(3); expect machine.dead }  #~ NY0802@26 this is no register of the device  #~ help did you mean `control`?  #~ NY0801@43 the device takes nothing called `tx` from the host  #~ NY0802@65 a test does not know `dead` of the machine  #~ help it knows reset, power_off, exited, status and panicked
}
