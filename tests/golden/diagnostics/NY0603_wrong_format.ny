machine web {
    boot = elf(image: "flat.bin")
}
