device total(port: ioport(2) = 0x80, irq: gsi = 4) {
    state { n: u8 = 0; list: [u8; 4] }
    derive round = round2  #~ NY0805@20 `round2` follows from itself  #~ label@20 by this
    derive round2 = round  #~ label@21 by this  #~ NY0805@21 `round` follows from itself
    derive irq = round
    bank a: pio @port, size 2 {
        reg data @0 wo {
            on write(v) {
                for i in 0..v { n = 0 }  #~ NY0802@29 the device has nothing called `v`  #~ help did you mean `n`?
                for i in 0..100000 { n = 0 }  #~ NY0805@26 this loop would run 100000 times; 65536 are the most
                for x in n { n = 0 }  #~ NY0805@26 a loop goes over constants, `0..8`, or over an array or fifo of the state
                n = again(v)
                try { n = 1 } catch (e) { n = 2 }  #~ NY0805@17 device code has no such statement  #~ help it has `let`, assignments, `if`, `match`, `for … in`, `return`, `emit` and calls
                n == 3  #~ NY0805@17 this value is not used  #~ help call something, or assign it
                match v {
                    n => n = 0  #~ NY0805@21 `match` compares with constants  #~ help write `if` for other comparisons
                    _ => pass
                }
            }
        }
        reg half @1 ro { on read { if n == 0 { return 1 } } }  #~ NY0805@29 this may end without a value  #~ help every way through it ends with `return …`
    }
    fn again(x: u8) -> u8 { return again(x) }  #~ NY0805@36 `again` calls itself  #~ help what repeats is a `for` with a fixed number of rounds  #~ label@8 so it might not end
}
