"""The machine of machine.ny by the fluent builder: the same plan, hash for hash."""
import vm_production

vm = ProductionVMBuilder()
    .name("small_linux")
    .memory(128 * 1024 * 1024)
    .cpus(2)
    .linux(
        "vmlinux",
        initrd = "initramfs.cpio",
        cmdline = "console=ttyS0 panic=-1 reboot=k noxsave clearcpuid=smap,popcnt,erms,fsrm rodata=off",
    )
    .serial("com1")
    .build()

exit_code = vm.run()
