"""Where the bytes of a device go on the host. None of this is part of the machine: `nyx run --serial` may choose another."""

schema backend {
    """A place on the host that takes and gives bytes."""
}

schema stdio : backend {
    """The terminal in which nyx runs."""
}

schema pty : backend {
    """A new pseudo-terminal; nyx says which."""
}

schema file : backend {
    """A file that is written from its beginning. It gives no input."""
    path: string """Relative to the folder in which nyx runs."""
}

schema none : backend {
    """Nowhere: output is dropped and there is no input."""
}
