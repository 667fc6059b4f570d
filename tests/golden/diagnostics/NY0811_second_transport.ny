device transport(here: ioport(1) = 0x80, there: ioport(1) = 0x81) snapshot 1 {
    state { driver_ok: bool = false }
    phase configuring after !driver_ok {  #~ label@11 its phase
        state { size: u8 = 16 }
    }
    bank first: pio @here, size 1 {
        phase configuring { reg size_here @0 wo { on write(v) { size = v } } }
    }
    bank second: pio @there, size 1 {
        reg size_there @0 wo { on write(v) { size = v } }  #~ NY0811@46 `size` changes only in the phase `configuring`, and this is outside it  #~ help stand in it: `phase configuring { reg … }`
    }
}
