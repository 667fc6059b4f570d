"""Debian's kernel for cloud machines, with parts that few machines have. `scripts/fetch-cloud-kernel --into .` puts the kernel here."""

device acme(base: ioport(4) = auto, window: mmio(4096) = auto, irq: gsi = auto) snapshot 1 {
    """A device of this file, which the guest finds by ACPI."""
    acpi { hid = "ACME0001"; uid = 3 }
    state { count: u32 = 0 }
    derive irq = count != 0
    bank ports: pio @base, size 4, other widen {
        reg counter @0: u32 rw {
            on read { return count }
            on write(v) { count = v }
        }
    }
    bank memory: mmio @window, size 4096, gaps zero, other widen {
        reg magic @0: u32 const reset 0x454d4341
    }
}

machine parts {
    memory = 256 MiB
    boot   = linux(
        kernel: "vmlinuz",
        initrd: "initramfs.cpio",
        cmdline: "console=ttyS0 panic=-1 reboot=k",
    )
    serial com1 { }
    acme acme { }
    hpet hpet { }
    smi_port smi_port { }
    fw_cfg fw_cfg { files = [text("opt/org.nyx/hello", "hello")] }
    i8237 dma { }
    vm_generation_id genid { page = 0xfe100000; guid = "8a3f2c1e-5b7d-4e90-a1c2-3d4e5f607182" }
}

machine reduced : none {
    memory = 256 MiB
    # Without a PM timer Linux has the 8254 alone to measure the TSC by, and gives up where the host is busy: it is told.
    boot = linux(
        kernel: "vmlinuz",
        initrd: "initramfs.cpio",
        cmdline: "console=ttyS0 panic=-1 tsc_early_khz=1000000",
    )
    serial com1 { }
    acme acme { }
    hpet hpet { }
    acpi_ged ged { }
    vm_generation_id genid { page = 0xfe100000 }
}
