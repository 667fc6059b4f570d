"""Debian's kernel for cloud machines. `scripts/fetch-cloud-kernel --into .` puts the kernel and the initramfs here."""

# no_timer_check is what Linux does by itself on KVM: on a busy host too few of the 8254's ticks arrive
# in the moment in which the kernel counts them, and it panics.
machine cloud1 {
    memory = 256 MiB
    boot   = linux(kernel: "vmlinuz", initrd: "initramfs.cpio", cmdline: "console=ttyS0 panic=-1 reboot=k no_timer_check")
    serial com1 { }
}
machine cloud2 : cloud1 { cpus = 2 }
machine cloud4 : cloud1 { cpus = 4 }
