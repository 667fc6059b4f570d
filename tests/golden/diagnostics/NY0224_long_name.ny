machine a_name_that_is_far_longer_than_anybody_would_ever_want_to_type_at_a_prompt {
    boot = pvh(image: "probe.elf")
}
