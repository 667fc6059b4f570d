device types(port: ioport(4) = 0x80) {
    state { flag: bool = false; count: u8 = 0; wide: u16 = 0; table: [u8; 4]; odd: u65 = 0; queue: fifo<u8> }  #~ NY0803@84 device code has no type `u65`  #~ help it has `bool`, `u1` to `u64`, enumerations, `[T; n]` and `fifo<T, n>`  #~ NY0803@100 many values are `[u8; 16]` or `fifo<u8, 16>`  #~ label@63 it is declared here
    host tx: sink<u8>
    bank a: pio @port, size 4 {
        reg control @0 rw { enable: 0; busy: 1 = flag }  #~ label@40 from this
        reg data @1 ro { on read { return wide } }  #~ NY0803@43 u16 may not fit u8  #~ help `u8(…)` keeps its low bits  #~ label@13 its handlers and fields say what it gives
        reg out @2 wo {
            on write(v) {
                flag = count  #~ NY0803@24 expected bool, found u8  #~ help compare it: `… != 0`
                count = wide  #~ NY0803@25 u16 may not fit u8  #~ help `u8(…)` keeps its low bits
                if count { count = 1 }  #~ NY0803@20 a condition is a bool, not u8  #~ help compare it: `… != 0`
                table = v  #~ NY0803@17 `table` cannot be assigned to
                tx(v)  #~ NY0803@17 `tx` is a sink
                data = 3  #~ NY0803@17 `data` holds nothing to assign to
                control.busy = true  #~ NY0803@17 `busy` is computed, so nothing can be assigned to it
                let x = 3
                x = 4  #~ NY0205@17 `x` does not change  #~ help one that does is declared by `let mut`
                let mut y = 3  #~ NY0803@25 `y` needs a type, as it will change  #~ help write `let mut y: u8 = …`
                wide = 1 << v  #~ NY0803@24 this number has no width, so what is shifted out is not known  #~ help give it one: `u8(1) << n`
                count = ~1  #~ NY0803@25 this number has no width yet, so what it becomes is not known  #~ help give it one: `~u8(1)`
                count = flag + flag  #~ NY0803@25 this needs numbers, not bool
                count = twice(1, 2)  #~ NY0803@25 `twice` takes 1 value, not 2
                "text"  #~ NY0805@17 device code has numbers, truth values and enumerations only  #~ help texts, floats, maps and functions as values belong into scripts  #~ NY0805@17 this value is not used  #~ help call something, or assign it
                return 3  #~ NY0803@24 nothing is returned from here
            }
        }
    }
    fn twice(a: u8) -> u8 { return a + a }
    test "types" { write(out); advance(); expect read(control) }  #~ NY0801@20 `write` takes a register and a value: `write(lcr, 0x80)`  #~ NY0801@32 `advance` takes a time in nanoseconds: `advance(5 ms)`  #~ NY0803@50 a condition is a bool, not u8  #~ help compare it: `… != 0`
}
