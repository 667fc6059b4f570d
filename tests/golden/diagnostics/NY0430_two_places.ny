host rack { }

machine front {
    boot = pvh(image: "probe.elf")
    serial com1 { backend = file("serial.log") }  #~ label@34 com1 of front writes it here
}

machine back {  #~ label@9 back is this machine
    boot = pvh(image: "probe.elf")
    serial com1 { backend = file("serial.log") }  #~ NY0430@34 front and back both write the file 'serial.log'  #~ help give com1 of back a file of its own
}
