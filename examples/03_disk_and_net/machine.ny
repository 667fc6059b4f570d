"""A Debian on a disk, with a network. `scripts/build-disk --into .` puts kernel, initramfs and disk here."""

machine debian {
    memory = 512 MiB
    boot   = linux(
        "vmlinuz",
        initrd: "initrd.img",
        cmdline: "console=ttyS0 root=/dev/vda rw",
    )
    serial com1 { }
    disk root { image = "root.img" }
    net eth0 { network = user(forward: [tcp(8080, 80)]) }
    rng rng { }
}
