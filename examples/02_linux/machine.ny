"""A small Linux with a shell on the serial line. `scripts/build-linux --into .` puts the kernel and the initramfs here."""

machine small_linux {
    memory = 256 MiB
    cpus   = 2
    boot   = linux(kernel: "vmlinux", initrd: "initramfs.gz", cmdline: "console=ttyS0 panic=-1 reboot=k noxsave clearcpuid=smap,popcnt,erms,fsrm rodata=off")

    serial com1 { }
}
