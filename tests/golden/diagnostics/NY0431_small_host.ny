host rack {
    memory = 1 GiB  #~ NY0431@14 the machines of rack take 1280 MiB of memory, and it has 1 GiB  #~ help 256 MiB of memory too much: make machines smaller, or run some of them elsewhere
    cpus   = 3  #~ NY0431@14 the machines of rack take 5 vCPUs, and it has 3  #~ help 2 vCPUs too much: make machines smaller, or run some of them elsewhere
}

machine front {
    memory = 512 MiB  #~ label@14 front takes 512 MiB
    cpus   = 2  #~ label@14 front takes 2
    boot   = pvh(image: "probe.elf")
}

for i in 0..3 {
    machine worker {  #~ label@13 worker0 takes 1, the default  #~ label@13 worker1 takes 1, the default  #~ label@13 worker2 takes 1, the default
        name   = "worker${i}"
        memory = 256 MiB  #~ label@18 worker0 takes 256 MiB  #~ label@18 worker1 takes 256 MiB  #~ label@18 worker2 takes 256 MiB
        boot   = pvh(image: "probe.elf")
    }
}
