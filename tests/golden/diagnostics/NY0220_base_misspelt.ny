machine web {
    boot = pvh(image: "probe.elf")
}
machine staging : wbe {  #~ NY0220@19 there is no machine `wbe` to extend  #~ help did you mean `web`?
    memory = 64 MiB
}
