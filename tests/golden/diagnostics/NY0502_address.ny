machine web {
    boot = pvh(image: "probe.elf")
    net eth0 { mac = "01:00:5e:00:00:01" }  #~ NY0502@22 `mac` takes the Ethernet address of one card, such as "02:4e:79:c3:14:42"
    net eth1 { mac = "02:4e:79:00:00:1" }  #~ NY0502@22 `mac` takes the Ethernet address of one card, such as "02:4e:79:64:bb:10"
    net eth2 { mac = "02:4e:79:00:00:01" }
}
