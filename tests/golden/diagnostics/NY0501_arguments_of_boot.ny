machine web {
    kernel = "vmlinux"  #~ NY0501@5 machine web has no field `kernel`  #~ help it is said with `boot`: `boot = linux(kernel: …)`
    cmdline = "console=ttyS0"  #~ NY0501@5 machine web has no field `cmdline`  #~ help it is said with `boot`: `boot = linux(cmdline: …)`
    cpus = 2
}
