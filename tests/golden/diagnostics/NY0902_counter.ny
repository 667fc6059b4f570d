device counter {  #~ NY0902@1 this build cannot compile device declarations yet  #~ help inside a machine, `device NAME(…)` adds a device that the standard library declares
    let value = 0
}
