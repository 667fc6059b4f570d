machine web:  #~ NY0101@12 a machine's fields stand in `{ }`, not behind `:`  #~ help write `machine web {`, a line `name = value` for each field, and `}` at the end
    memory: 512M
    boot = linux(kernel="vmlinuz")
    serial com1
---
machine spare { boot = pvh(image: "probe.elf") }
