machine web {
    memory: 512 MiB,  #~ NY0101@11 `memory` is set with `=`, not with `:`  #~ NY0101@20 fields are not separated by `,`  #~ help a field ends with its line, or with `;`
    cpus: 2,
    boot: pvh(image: "probe.elf"),
    serial com1 { },
}
machine two { cpus := 2, boot = pvh(image: "probe.elf") }
