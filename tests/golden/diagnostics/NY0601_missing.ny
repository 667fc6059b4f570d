machine web {
    boot = pvh(image: "prob.elf")
}
