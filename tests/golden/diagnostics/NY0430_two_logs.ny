host rack { }

machine front {
    boot = pvh(image: "probe.elf")
    serial com1 { backend = file("logs/../serial.log") }  #~ NY0430@34 front and back both write the file 'serial.log'  #~ help give com1 of back a file of its own
}

machine back : front {  #~ label@9 back is this machine
    memory = 64 MiB
}
