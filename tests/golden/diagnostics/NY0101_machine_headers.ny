machine "a" { boot = pvh(image: "probe.elf") }  #~ NY0101@9 the name of a machine stands without quotes
machine b = { boot = pvh(image: "probe.elf") }  #~ NY0101@11 the block of a machine follows its name without `=`
machine c(a) { cpus = 2 }  #~ NY0101@10 the machine that is extended stands behind `:`, not in `( )`
machine web-server { boot = pvh(image: "probe.elf") }  #~ NY0101@9 `web-server` is not a name: it has a `-`
VM d { boot = pvh(image: "probe.elf") }  #~ NY0101@1 `VM` is not a word of Nyx; write `machine`
machine e
{  #~ NY0101@1 the `{` stands in the line of what it belongs to
    boot = pvh(image: "probe.elf")
    serial com1
    {
    }
}
machine { boot = pvh(image: "probe.elf") }  #~ NY0101@9 expected a name for the machine, found `{`
