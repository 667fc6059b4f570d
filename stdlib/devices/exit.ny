schema exit : single {
    """Ends the run with a status: 32 bits written to the first port are the status of `nyx run`; above 255 it is 255."""
    port: ioport(4) = 0xf4 """First of its four ports."""
}
