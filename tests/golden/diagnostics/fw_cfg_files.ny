machine web {
    boot = pvh(image: "probe.elf")
    fw_cfg {
        files = [
            data("opt/org.example/file", file: "prob.elf"),  #~ NY0601@48 there is no file 'prob.elf'  #~ help did you mean 'probe.elf'?
        ]
    }
}
