vm = ProductionVMBuilder().memory(64 MiB).pvh("probe.elf").with_logging().build()
#= readiness
let ready = production_readiness_check(vm);
if (!ready) {
    logger.error("VM", "Not production-ready!");
    for (issue in vm.error_handler.validation_errors) {
        printf("  - %s\n", issue);
    }
}
#>   - no error handling: with_error_handling()
#>   - no metrics: with_metrics()
