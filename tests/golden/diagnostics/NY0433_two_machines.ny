host rack { }

machine front {
    boot = pvh(image: "probe.elf")
    net eth0 { network = user(forward: [tcp(8080, 80), udp(53, 53)]) }  #~ label@40 eth0 of front has it
}

machine back {
    boot = pvh(image: "probe.elf")
    net eth0 { network = user(forward: [udp(8080, 80), tcp(8080, 8080)]) }  #~ NY0433@40 front and back both take TCP port 8080 of the host  #~ help give eth0 of back another port of the host
}
