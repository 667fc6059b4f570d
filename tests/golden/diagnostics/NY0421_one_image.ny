machine web {
    boot = pvh(image: "probe.elf")
    disk root { image = "root.img" }  #~ label@25 root uses the file 'root.img' since here
    disk data { image = "root.img" }  #~ NY0421@25 root and data both use the file 'root.img'  #~ help give data an image of its own, or set `read_only = true` in every disk that has this one
    disk base { image = "base.img"; read_only = true }
    disk same { image = "base.img"; read_only = true }
}
