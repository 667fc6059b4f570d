machine web {
    boot = pvh(image: "probe.elf", cmdline: "one\ntwo")  #~ NY0407@45 the command line has a character that is not printable ASCII  #~ help line breaks and letters beyond ASCII do not reach a kernel
}
