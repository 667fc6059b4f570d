"""The machine of machine.ny by the fluent builder: the same plan, hash for hash. After the run the script goes on."""
import vm_production

vm = ProductionVMBuilder()
    .name("hello")
    .memory(64 * 1024 * 1024)
    .cpus(2)
    .pvh("probe.elf", cmdline = "hello from Nyx")
    .serial("com1")
    .exit_device("exit")
    .build()

exit_code = vm.run()
print("the guest ended with status", exit_code)
