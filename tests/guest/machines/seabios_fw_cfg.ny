machine seabios_fw_cfg {
    memory = 64 MiB
    boot   = firmware(image: "/usr/share/seabios/bios.bin")
    debugcon debug { port = 0x402 }
    fw_cfg { files = [text("etc/boot-menu-wait", "\0\0")] }
}
