vm = ProductionVMBuilder().pvh("probe.elf").build()
config = VMConfig(name = "second")
#= taking one
let state = vm.snapshot();
#waits: snapshots
#= going back to it
let state = vm.snapshot();
let new_vm = VirtualMachine(config);
new_vm.restore(state);
#waits: snapshots
