machine web {
    boot = pvh(image: "probe.elf")
    memory = 64 TiB  #~ NY0403@14 64 TiB of memory does not fit into the guest's address space  #~ help at most 32 TiB can be addressed on every x86-64 host
}
