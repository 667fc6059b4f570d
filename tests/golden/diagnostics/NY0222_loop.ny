for i in 0..2 {
    machine web { boot = pvh(image: "probe.elf") }  #~ NY0222@13 two machines are called `web`  #~ help machines that a loop describes are named by a setting: `name = "web${i}"`
}
