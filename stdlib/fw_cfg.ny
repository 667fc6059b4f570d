"""Files that a machine's fw_cfg has: `files = [text("opt/org.example/name", "…")]`. None of them is on a disk of the guest's."""

schema fw_cfg_file {
    """A file that firmware and operating system find by its name: names of one's own begin with `opt/` and a domain turned round; others
    are the firmware's, such as `bootorder`. 1 to 55 printable characters, without spaces."""
}

schema text : fw_cfg_file {
    """A file with this text, as it stands: no line end and no zero is put behind it."""
    name: string """What it is called."""
    content: string """What is in it."""
}

schema data : fw_cfg_file {
    """A file with the bytes of one of the host's, which become part of the machine."""
    name: string """What it is called."""
    file: image """Whose bytes: relative to the source file."""
}
