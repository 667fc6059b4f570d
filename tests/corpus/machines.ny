"""Machines, schemas and what stands in them."""
import std.boards.pc

machine web {
    """Front-end box. Boots in under a second."""
    memory   = 2 GiB
    cpus     = 2
    boot     = linux(kernel: "vmlinuz", initrd: "initrd.img", cmdline: "console=ttyS0")

    disk root { image = "system.qcow2"; bus = virtio; readonly = false }
    nic  eth0 { model = virtio; backend = user(forward: [tcp(8080, 80)]) }
    serial com1 { }
    tpm { version = 2.0 }

    require memory >= 512 MiB, "the package manager needs half a gigabyte"
    require (cpus > 1) && (memory > 1 MiB)

    on exception(page_fault) (ctx) { log.warn("fault at ${ctx.rip:x}"); recover ignore }
    on shutdown { pass }
    test "answers on 8080 within 10 s" { boot(); expect.http(8080, status: 200, within: 10 s) }
}

machine staging : web { memory = 1 GiB }
machine other extends std.boards.pc {
    let disks = 3
    for i in 0..disks { disk extra { image = "${i}.img" } }
    if disks > 2 { nic eth1 { } } else { nic eth2 { } }
    device gpio(base = 0x3fc)
    device gpio(base = 0x3fc, line: 4) { label = "x" }
    gpio pins(base = 1)
    gpio more(base = 1) { line = 5 }
}

schema device {
    """A part of a machine."""
}
schema machine {
    memory: size(1 MiB..16 TiB) = 128 MiB """RAM."""
    cpus: int(1..1024) = 1
        """Virtual CPUs."""
    boot: boot; bus: one_of(virtio, ahci) = virtio, base: ioport(8) = auto([0x3f8, 0x2f8])
    hides: list<cpu_level> = []
    initrd: image? = null
    backend: host<backend> = stdio
    needs = [level_v1]
}
schema serial : device { base: ioport(8) = auto([0x3f8], follows: irq) }

# Words that are keywords only where a statement begins are names elsewhere.
device = 1; state = 2; read = 3; write = 4; on = 5; test = 6; reset = 7; machine = 8; schema = 9; module = 10; use = 11
from = 12; require = 13; recover = 14; as = 15; extends = 16; host = 17; since = 18; when = 19; native = 20; snapshot = 21
f(device, machine = machine, on: on, test); test(1); require(x); on.event(); use[0] = 1; machine.run()
o.reg = o.bank + o.emit; { let reset = state }
fn reset(device, state: int, on = 1) { return device.test(on) }
machine lines { serial com1 { } serial com2 { base = 0x2f8 } memory = 1 GiB }
if x { y = 1 } print(y)
