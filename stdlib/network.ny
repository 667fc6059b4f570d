"""Where the frames of a network card go on the host. None of this is part of the machine."""

schema network {
    """What the cable of a network card leads to."""
}

schema user : network {
    """A network of the machine's own, made by nyx itself: nothing has to be set up, and nobody but this host sees it. The guest is
    10.0.2.15 (by DHCP), its router 10.0.2.2 is also this host, the name server 10.0.2.3."""
    forward: list<forward> = [] """Ports of this host that lead to the guest: `[tcp(8080, 80)]`."""
}

schema tap : network {
    """A tap interface of the host, on its network as the host's administrator wants it."""
    interface: string """Its name, such as `tap0`."""
}

schema unplugged : network {
    """Nothing: the guest finds a card without a link."""
}

schema forward {
    """A port of the host that leads to a port of the guest."""
}

schema tcp : forward {
    """TCP connections."""
    host: int(1..65535) """Port of the host."""
    guest: int(1..65535) """Port of the guest."""
    any_address: bool = false """Other computers may connect too; otherwise only this host."""
}

schema udp : forward {
    """UDP packets."""
    host: int(1..65535) """Port of the host."""
    guest: int(1..65535) """Port of the guest."""
    any_address: bool = false """Other computers may send too; otherwise only this host."""
}
