# hi
/* a  #~ NY0101@1 comments begin with `#`, not with `/*`  #~ help a comment goes from `#` to the end of its line
 b */ machine web {
    boot = pvh(image: "probe.elf") /* x */
    // y
    cpus = 2
}
