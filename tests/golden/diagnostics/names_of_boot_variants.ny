# A machine may have the name of a boot protocol, a device type or a backend; here only the last one has a mistake.
machine pvh { boot = pvh(image: "probe.elf") }
machine serial { boot = pvh(image: "probe.elf"); serial com1 { backend = stdio } }
machine stdio { boot = pvh(image: "probe.elf"); serial com1 { backend = stdio } }
machine multiboot { boot = multiboot(kernel: "probe.elf") }  #~ NY0603@46 'probe.elf' cannot be booted like this: it has no multiboot header in its first 8 KiB  #~ help build it with a multiboot 1 header
