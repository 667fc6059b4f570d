for i in 0..2 {
    machine web {
        name = "web${i}"
        boot = pvh(image: "probe.elf")
        serial com1 { backend = file("serial.log") }  #~ NY0430@38 web0 and web1 both write the file 'serial.log'  #~ help give com1 of web1 a file of its own
    }
}
