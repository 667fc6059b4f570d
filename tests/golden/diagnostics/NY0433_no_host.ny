for i in 0..2 {
    machine web {
        name = "web${i}"
        boot = pvh(image: "probe.elf")
        net eth0 { network = user(forward: [tcp(8080, 80)]) }  #~ NY0433@44 web0 and web1 both take TCP port 8080 of the host  #~ help give eth0 of web1 another port of the host
    }
}
