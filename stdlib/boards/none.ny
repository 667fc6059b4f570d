machine none {
    """No devices but the interrupt controllers."""
}
