machine web {
    boot = flat(image: "flat.bin", load: 0x100000, entry: 0x200000)  #~ NY0406@59 the entry 0x200000 is outside the image  #~ help the image's first byte is at 0x100000: `entry = 0x100000`  #~ label@24 is loaded to 0x100000–0x100fff
}
