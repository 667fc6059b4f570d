"""What a machine can start: `boot = linux(kernel: "vmlinuz")`. Arguments without a name come in the order below."""

schema boot {
    """An image, and the protocol by which it is entered."""
}

schema linux : boot {
    """A Linux kernel: a bzImage by the 64-bit boot protocol, or an ELF vmlinux by PVH. The file says which."""
    kernel: image """bzImage (vmlinuz) or vmlinux."""
    initrd: image? = null """Initial RAM disk, placed as high as the kernel takes it."""
    cmdline: string = "" """Kernel command line, printable ASCII."""
}

schema elf : boot {
    """An ELF64 program, entered at its entry point in long mode with the first 4 GiB mapped one to one."""
    image: image """ELF64, x86-64, statically linked."""
}

schema pvh : boot {
    """An ELF program with a PVH entry note, entered in 32-bit protected mode with `hvm_start_info` in EBX."""
    image: image """ELF with a XEN_ELFNOTE_PHYS32_ENTRY note."""
    initrd: image? = null """Handed over as the first module."""
    cmdline: string = "" """Command line, printable ASCII."""
}

schema multiboot : boot {
    """A multiboot 1 kernel, entered in 32-bit protected mode with the information structure in EBX."""
    kernel: image """An image with a multiboot header in its first 8 KiB."""
    module: image? = null """Handed over as the only module."""
    cmdline: string = "" """Command line, printable ASCII."""
}

schema flat : boot {
    """Raw bytes at an address, entered as they are."""
    image: image """The bytes."""
    load: int(0..0xFFFFFFFF) = 0x100000 """Guest-physical address of the first byte."""
    entry: int(0..0xFFFFFFFF) """Guest-physical address of the first instruction."""
    mode: one_of(real16, protected32, long64) = long64
        """State of the processor: real mode, flat 32-bit, or long mode with the first 4 GiB mapped one to one."""
}

schema firmware : boot {
    """Firmware that ends at 4 GiB and starts at the reset vector, such as SeaBIOS."""
    image: image """The ROM; a multiple of 4 KiB."""
}
