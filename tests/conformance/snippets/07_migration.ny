vm = ProductionVMBuilder().pvh("probe.elf").build()
dest_host = "tcp:backup:4444"
dest_vm = VirtualMachine(VMConfig(name = "destination"))
#= three phases
vm.dirty_tracker.enable_tracking();
success = vm.migration_mgr.start_iterative_precopy(
    vm,
    dest_host,
    {
        "max_iterations": 10,
        "convergence_threshold": 0.01,  # 1%
        "bandwidth_limit_mbps": 1024
    }
);
success = vm.migration_mgr.start_stop_and_copy(vm, dest_host);
success = vm.migration_mgr.activate_on_destination(dest_vm);
#waits: dirty page tracking
#waits: live migration
#= tracking dirty pages
vm.dirty_tracker.enable_tracking();
dirty_pages = vm.dirty_tracker.get_dirty_pages();
vm.dirty_tracker.clear_dirty_map();
dest_vm.restore(null)
#waits: dirty page tracking
#waits: snapshots
#= what precopy would do
import vm_migration
dest_vm.restore(null)
let quick = vm_migration.plan_precopy(262144, 1000.0, vm_migration.MigrationConfig())
let busy = vm_migration.plan_precopy(262144, 100000.0, vm_migration.migration_config({"max_iterations": 4}))
print(quick.converged, quick.iterations_completed, busy.converged, busy.iterations_completed)  #> true 2 false 4
#waits: snapshots
