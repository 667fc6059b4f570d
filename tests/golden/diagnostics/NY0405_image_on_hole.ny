machine web {
    boot = flat(image: "flat.bin", load: 0xa0000, entry: 0xa0000)
}
