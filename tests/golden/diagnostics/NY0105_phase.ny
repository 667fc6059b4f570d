let phase = 1  #~ NY0105@5 `phase` is reserved for device declarations and cannot be a name here  #~ help choose another name; as a member, a named argument or a map key it may stay
