"""Four machines of one host: a front, and three workers that a loop makes. They start the guest of 01_hello."""

let worker_memory = 64 MiB

host rack {
    """A small computer under a desk."""
    memory = 1 GiB
    cpus = 8
}

machine front {
    """The one that people talk to."""
    memory = 2 * worker_memory
    cpus   = 2
    boot   = pvh(image: "probe.elf", cmdline: "the front")

    serial com1 { }
    exit exit { }

    require memory > worker_memory, "the front keeps what all workers say"

    test "it has what the workers have, twice" { expect(memory == 2 * worker_memory) }
    test "it says so and is done" {
        boot()
        expect.serial("the front", within: 60 s)
        expect.exit(0, within: 60 s)
    }
}

for i in 1..4 {
    machine worker {
        name   = "worker${i}"
        memory = worker_memory
        boot   = pvh(image: "probe.elf", cmdline: "worker ${i}")

        serial com1 { backend = file("worker${i}.log") }
        exit exit { }
    }
}
