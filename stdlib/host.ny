"""What runs machines. A file that declares it is checked against it; nothing of it goes into a machine."""

schema host_computer {
    """A computer, or the part of one that is set aside for machines."""

    memory: size? = null """RAM for the memory of all its machines together."""
    cpus: int(1..65536)? = null """How many virtual CPUs its machines may have together."""
    machines: list<machine_name>? = null
        """The machines of the file that it runs. Left out: all that no other host names."""
}
