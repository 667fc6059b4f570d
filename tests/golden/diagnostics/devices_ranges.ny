device ranges(port: ioport(4) = 0x80) {
    state { table: [u8; 10]; count: u8 = 0; small: u4 = 300 }  #~ NY0804@57 300 does not fit u4  #~ help `u4(…)` keeps its low bits
    bank a: pio @port, size 4 {
        reg data @0 wo {
            on write(v) {
                count = table[v]  #~ NY0804@31 `table` has 10 elements, and the index may be 10  #~ help compare it first, `if index < 10 { … }`, or take fewer of its bits
                if v < 10 { count = table[v] }
                if v <= 10 { count = table[v] }  #~ NY0804@44 `table` has 10 elements, and the index may be 10  #~ help compare it first, `if index < 10 { … }`, or take fewer of its bits
                count = v << v  #~ NY0804@30 u8 has 8 bits, and the shift may be by 8  #~ help compare it first, or take fewer of its bits: `n[2..0]`
                count = v << v[2..0]
                count = v / count  #~ NY0804@29 this may divide by 0  #~ help compare it first: `if n != 0 { … }`
                if count != 0 { count = v % count }
                count = v[8..1]  #~ NY0804@27 u8 has bits 0 to 7, and not 8
                count = u8(v[0..3])  #~ NY0804@30 a slice is written from its high bit to its low one  #~ help write `[3..0]`
                count = 256  #~ NY0804@25 256 does not fit u8  #~ help `u8(…)` keeps its low bits
                count = table[10]  #~ NY0804@31 `table` has 10 elements, and the index may be 10  #~ help compare it first, `if index < 10 { … }`, or take fewer of its bits
                let bit = v[count]  #~ NY0804@29 `the number` has 8 bits, and the index may be 8  #~ help compare it first, `if index < 8 { … }`, or take fewer of its bits
            }
        }
        reg fields @1 rw { a: 0..3; b: 9 }  #~ NY0804@31 a field is written from its high bit to its low one  #~ NY0804@40 the register has bits 0 to 7, and not 9
        reg large @2 rw reset 256  #~ NY0804@31 256 does not fit u8
    }
}
