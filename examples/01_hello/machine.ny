"""The first machine: a small program of ours instead of an operating system. It says over the serial line what it finds."""

machine hello {
    memory = 64 MiB
    cpus   = 2
    boot   = pvh(image: "probe.elf", cmdline: "hello from Nyx")

    serial com1 { }
    exit exit { }
}
