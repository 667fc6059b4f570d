machine web {
    boot = flat(image: "flat.bin", load: 0xa0000, entry: 0xa0000)  #~ NY0405@42 'flat.bin' would be loaded over a hole in RAM
}
