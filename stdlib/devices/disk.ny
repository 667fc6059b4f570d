schema disk : device {
    """A disk: the block device of virtio 1.2 (section 5.2), /dev/vda and on to a Linux."""
    image: host<image>
        """The file or block device of the host that holds it, byte by byte. Relative to the source file, and found again from where the
        bundle lies. Only one machine at a time can write an image."""
    read_only: bool = false
        """The guest cannot write to it. Any number of machines may then read the image."""
    block_size: size(512..4 KiB, 3584) = 512 """Smallest unit of a transfer: 512 bytes or 4 KiB."""
    serial: string = ""
        """Serial number that the guest can read: at most 20 printable characters."""
    regs: mmio(4 KiB) = auto """Window of its registers."""
    irq: gsi = auto """Interrupt line."""
}
