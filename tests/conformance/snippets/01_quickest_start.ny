#= build, run, look at the log
vm = ProductionVMBuilder()
    .memory(2 * 1024 * 1024 * 1024)
    .cpus(2)
    .uefi("OVMF.fd")
    .disk("guest.img")
    .with_logging()
    .build();
exit_code = vm.run();
logger.dump_buffer();
#waits: UEFI firmware
#waits: disks
#= the same with what this build boots
#builds
vm = ProductionVMBuilder()
    .memory(64 * 1024 * 1024)
    .cpus(2)
    .pvh("probe.elf")
    .serial("com1")
    .with_logging()
    .build();

exit_code = vm.run();

logger.dump_buffer();
#> [DEBUG][VM] vm is described
#> [INFO][VM] vm starts
#> [INFO][VM] vm ended with status 0
