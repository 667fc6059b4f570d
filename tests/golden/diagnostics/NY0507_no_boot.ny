machine web {  #~ NY0507@9 machine web needs a value for `boot`
    memory = 64 MiB
}
