machine web {
    boot = elf(image: "flat.bin")  #~ NY0603@23 'flat.bin' cannot be booted like this: not an ELF: raw bytes
}
