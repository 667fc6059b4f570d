machine web {
    boot = pvh(image: "folder")
}
