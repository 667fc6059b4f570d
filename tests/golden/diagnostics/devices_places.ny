device places(port: ioport(4) = 0x80, memory: mmio(4096)) snapshot 1 {  #~ label@47 declared here
    reg alone @0 rw  #~ NY0801@5 registers stand in a bank: `bank regs: pio @base, size 8 { … }`
    bank a: pio @port, size 4 {
        reg far @4 rw  #~ NY0801@18 `far` ends at 0x5, and its bank has 0x4 bytes
        reg same @0 rw  #~ label@13 first here
        reg same @1 rw  #~ NY0801@13 `same` is declared twice
        reg unsaid @2  #~ NY0801@13 what may be done with `unsaid`?  #~ help say its kind, one of const, ro, wo, rw, w1c, w1s, w0c, rc, doorbell, rsvd, behind its offset
        reg odd @3 rx { low: 0; low: 1; other: 1..0; on touch { } on read { return 0 } on read { return 1 } }  #~ NY0801@20 there is no kind `rx` of bits  #~ help did you mean `ro`?  #~ NY0801@33 `odd` has two fields `low`  #~ NY0801@41 `low` and `other` share bits  #~ label@25 the first  #~ NY0801@57 a register is read and written; it knows no `touch`  #~ NY0801@91 two handlers of `odd` do the same  #~ label@70 the first
        state { n: u8 = 0 }  #~ NY0801@9 this stands in the device itself, not in a bank
    }
    bank b: pio @memory, size 4096, gaps blue { }  #~ NY0801@18 a bank of pio stands at a parameter of type `ioport(size)`  #~ NY0801@37 a bank says `size n`, `gaps reserved`, `zero` or `ones`, `access 1, 2` and `other widen` or `reject`
    bank c: ram @memory { }  #~ NY0801@10 how large is bank `c`?  #~ help write `size 8` behind its address  #~ NY0801@10 the bank has 1 bytes, and `memory` 4096  #~ NY0801@13 a bank is `pio` or `mmio`, not `ram`
    timer t(hz: 0)  #~ NY0801@17 a timer counts 1 to 1000000000 ticks a second
    timer u(5)  #~ NY0801@13 of a timer its rate can be given: `timer name(hz: 1000)`
    host x: pipe, y: sink<u7>, z: source<u8>  #~ NY0801@13 there is no host port `pipe`  #~ help there are `sink<T>`, `source<T>`, `query<T, T>`, `event`, `control`, `clock` and `fact<T>`  #~ NY0801@22 a sink is of bytes or words: `sink<u8>`  #~ NY0801@32 nobody takes what `z` brings  #~ help write `on z(v) { … }`
    state { s; since 2 { fresh: u8 = 0 } }  #~ NY0801@13 `s` needs a type, as in `s: u8 = 0`  #~ NY0801@22 the state has version 1, so nothing is in it since 2  #~ help raise the version: `snapshot 2`
    acpi { hid = "uart" }  #~ NY0801@12 a hardware id is such as "PNP0501" or "ACME0001"
    acpi { hid = "PNP0501"; cid = "two words" }  #~ NY0801@29 a compatible id has 1 to 63 characters without spaces
    acpi { name = 3 }  #~ NY0801@12 of ACPI a device says `hid = "PNP0501"`, `cid` and `uid = 0`
}
device two(port: ioport(1)) version 3 { }  #~ NY0801@29 a device has no `version` here  #~ help its header is `device name(parameters) snapshot 1 { … }`, perhaps with `native "name"` or `script "Class"`
device parts(port: ioport(8) = 0x90) snapshot 1 {
    host ask: query<u8>  #~ NY0801@15 a query is asked with a word and answered with one: `query<u32, u8>`
    bank a: pio @port, size 8 {
        reg half @0: u16 rw { on read(at, bytes) { return 0 } }  #~ NY0801@13 `half` takes parts of accesses, so its handlers do all that is done with it  #~ help it has `on read` and `on write` where its kind allows them, and no fields
        reg odd @3: u16 ro { on read(at, bytes) { return 0 } }  #~ NY0801@18 a register that takes parts stands at a multiple of its 2 bytes
    }
}
