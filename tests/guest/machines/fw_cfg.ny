machine fw_cfg {
    memory = 16 MiB
    boot   = flat(image: "fw_cfg.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    exit exit { }
    fw_cfg {
        files = [
            text("opt/org.nyx/hello", "hello from the machine"),
            data("opt/org.nyx/sector", file: "disk.img"),
        ]
    }
}
