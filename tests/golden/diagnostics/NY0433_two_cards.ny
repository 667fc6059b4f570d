machine web {
    boot = pvh(image: "probe.elf")
    net eth0 { network = user(forward: [tcp(8080, 80)]) }  #~ label@40 eth0 of web has it
    net eth1 { network = user(forward: [tcp(8080, 81)]) }  #~ NY0433@40 eth0 and eth1 both take TCP port 8080 of the host  #~ help give eth1 of web another port of the host
}
