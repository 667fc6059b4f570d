"""A small Linux with a shell on the serial line. `scripts/build-linux --into .` puts the kernel and the initramfs here."""

machine small_linux {
    memory = 128 MiB
    cpus   = 2
    boot   = linux(
        kernel: "vmlinux",
        initrd: "initramfs.cpio",
        cmdline: "console=ttyS0 panic=-1 reboot=k noxsave clearcpuid=smap,popcnt,erms,fsrm rodata=off",
    )

    serial com1 { }
}
