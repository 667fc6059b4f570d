machine seabios {
    memory = 64 MiB
    boot   = firmware(image: "/usr/share/seabios/bios.bin")
    debugcon debug { port = 0x402 }
}
