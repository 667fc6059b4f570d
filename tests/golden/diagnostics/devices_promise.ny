device promises(port: ioport(4) = 0x80, window: mmio(4096), irq: gsi = 4) {
    state { n: u8 = 0 }
    host tx: sink<u8>
    derive irq = level.now
    bank a: pio @port, size 4 {
        reg scratch @0 rw @expect(coalesced)
        reg level @1 rw @expect(coalesced) { now: 0 }
        reg bell @2 doorbell @expect(doorbell) { on write(v) { emit tx(1) } }
        reg sends @3 wo @expect(doorbell) { on write(v) { emit tx(v) } }
    }
    bank b: mmio @window, size 4096 {
        reg id @0: u32 const reset 5 @expect(const-read)  #~ NY0106@46 `const` is a keyword and cannot be a name here
        reg other @4: u32 ro { on read { n += 1; return 0 } }
        reg odd @8 rw @expect(fast)  #~ NY0807@31 there is no class `fast`  #~ help there are const_read, doorbell, coalesced, coalesced_while, native, table
    }
}
