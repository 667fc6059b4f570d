vm = ProductionVMBuilder().pvh("probe.elf").build()
#= on a machine
let watchdog = vm.error_handler.watchdog;
watchdog.set_timeout(5000);
#waits: watchdog timers
#= its callback
let watchdog = vm.error_handler.watchdog;
watchdog.set_timeout_callback(fn(vcpu_id) {
    logger.error("VM", "VCPU " + vcpu_id + " stuck");
    return false;
});
#waits: watchdog timers
#= by itself
let watchdog = vm_errors.WatchdogTimer()
watchdog.set_timeout(5000)
watchdog.set_timeout_callback(fn(vcpu_id) {
    print("VCPU " + vcpu_id + " stuck")
    return false
})
watchdog.pet(0, 1000)
watchdog.pet(1, 9000)
print(watchdog.check(10000))
#> VCPU 0 stuck
#> [0]
