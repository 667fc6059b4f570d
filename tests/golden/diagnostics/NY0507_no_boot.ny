machine web {
    memory = 64 MiB
}
