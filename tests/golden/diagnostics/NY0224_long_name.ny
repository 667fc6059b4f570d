machine a_name_that_is_far_longer_than_anybody_would_ever_want_to_type_at_a_prompt {  #~ NY0224@9 'a_name_that_is_far_longer_than_anybody_would_ever_want_to_type_at_a_prompt' cannot be the name of a machine or device
    boot = pvh(image: "probe.elf")
}
