machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }  #~ label@5 com1 uses the terminal since here
    serial com2 { backend = stdio }  #~ NY0421@29 com1 and com2 both use the terminal  #~ help give com2 another backend: `backend = pty`, or `backend = none`
}
