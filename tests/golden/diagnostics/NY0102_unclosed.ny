machine web {  #~ label@13 the machine block is opened here
    memory = 1 GiB
    boot = elf("probe.elf"  #~ NY0102@27 expected `)` to close the argument list  #~ label@15 the argument list is opened here
    serial com1 { }  #~ NY0102@20 expected `}` to close the machine block
