"""Debian's kernel for cloud machines. `scripts/fetch-cloud-kernel --into .` puts the kernel and the initramfs here."""

machine cloud1 {
    memory = 256 MiB
    boot   = linux(kernel: "vmlinuz", initrd: "initramfs.cpio", cmdline: "console=ttyS0 panic=-1 reboot=k")
    serial com1 { }
}
machine cloud2 : cloud1 { cpus = 2 }
machine cloud4 : cloud1 { cpus = 4 }
