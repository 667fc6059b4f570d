machine web {
    boot = flat(image: "flat.bin", load: 0x100000, entry: 0x200000)
}
