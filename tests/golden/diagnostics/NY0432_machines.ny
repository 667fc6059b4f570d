host one { machines = [web, wep] }  #~ NY0432@29 one runs `wep`, and there is no such machine  #~ help did you mean `web`?  #~ label@24 web runs on one since here
host two { machines = ["web"] }  #~ NY0432@23 web runs on one and on two  #~ help a machine runs on one host

machine web { boot = pvh(image: "probe.elf") }
