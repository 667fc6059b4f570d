vm = ProductionVMBuilder().pvh("probe.elf").build()
#= types of exceptions
let vectors = [
    EXCEPTION_DIVIDE_BY_ZERO, EXCEPTION_DEBUG, EXCEPTION_NMI, EXCEPTION_BREAKPOINT, EXCEPTION_OVERFLOW, EXCEPTION_BOUND_RANGE,
    EXCEPTION_INVALID_OPCODE, EXCEPTION_DEVICE_NOT_AVAILABLE, EXCEPTION_DOUBLE_FAULT, EXCEPTION_COPROC_SEGMENT_OVRUN, EXCEPTION_INVALID_TSS,
    EXCEPTION_SEGMENT_NOT_PRESENT, EXCEPTION_STACK_SEGMENT, EXCEPTION_GENERAL_PROTECTION, EXCEPTION_PAGE_FAULT, EXCEPTION_FLOATING_POINT,
    EXCEPTION_ALIGNMENT_CHECK, EXCEPTION_MACHINE_CHECK
]
print(vectors)  #> [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18]
#= ways to recover
let ways = [
    RECOVERY_IGNORE, RECOVERY_RESET_DEVICE, RECOVERY_RESET_VCPU, RECOVERY_HARD_RESET, RECOVERY_PAUSE_VM, RECOVERY_SNAPSHOT_RESTORE,
    RECOVERY_ISOLATE_DEVICE, RECOVERY_SHUTDOWN
]
print(len(ways), all(ways, fn(way) { return way in vm_errors.RECOVERY_STRATEGIES }))  #> 8 true
#= a handler on a machine
let error_handler = vm.error_handler;
error_handler.register_exception_handler(
    EXCEPTION_PAGE_FAULT,
    fn(ctx) {
        logger.warn("VM", "Page fault at " + ctx.guest_rip);
        return RECOVERY_CONTINUE;
    }
);
#waits: handlers of guest exceptions
#= a handler by itself
let error_handler = vm_errors.ExceptionHandler()
error_handler.register_exception_handler(EXCEPTION_PAGE_FAULT, fn(ctx) {
    print("fault at " + ctx.guest_rip)
    return RECOVERY_CONTINUE
})
print(error_handler.handle_exception(EXCEPTION_PAGE_FAULT, vm_errors.ErrorContext(guest_rip: 4096)))
#> fault at 4096
#> true
print(error_handler.handle_exception(EXCEPTION_DOUBLE_FAULT, vm_errors.ErrorContext()), error_handler.get_history().last().strategy)  #> false hard_reset
