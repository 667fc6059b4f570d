machine web {
    boot = pvh(image: "probe.elf")
    fw_cfg {
        files = [
            text("opt/org.example/role", "web"),  #~ label@18 the first
            text("opt/org.example/role", "db"),  #~ NY0425@18 two files of fw_cfg are called 'opt/org.example/role'
            text("opt/org.example/a name", ""),  #~ NY0425@18 the name of a file of fw_cfg has printable characters, and no spaces  #~ help such as "opt/org.example/name"
            text("opt/org.example/this-name-is-longer-than-what-the-directory-has-room-for", ""),  #~ NY0425@18 this name has 72 characters, and fw_cfg has room for 55
        ]
    }
}
