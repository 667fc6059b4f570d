machine web {
    boot = pvh(image: "folder")  #~ NY0602@23 'folder' cannot be read: it is a folder
}
