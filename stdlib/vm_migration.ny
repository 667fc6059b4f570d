"""Live migration. This build has none: machines that ask for it are refused when they are built; the arithmetic works."""
import vm_core
import memory

const PHASE_IDLE = "IDLE"
const PHASE_PRECOPY = "PRECOPY"
const PHASE_STOP_AND_COPY = "STOP_AND_COPY"
const PHASE_POSTCOPY = "POSTCOPY"
const PHASE_DONE = "DONE"
const PHASE_FAILED = "FAILED"

class MigrationConfig {
    """How a migration proceeds."""
    max_iterations: int = 10
    convergence_threshold: float = 0.01
        """It has converged when the share of pages dirtied in a round is below this."""
    bandwidth_limit_mbps: int = 1024
    postcopy: bool = false
        """Resume before all memory is there, and fetch pages as they are touched."""
}

class MigrationResult {
    """How a phase of a migration ended."""
    success: bool = false
    iterations_completed: int = 0
    converged: bool = false
    error: string? = null
}

fn migration_config(settings) -> MigrationConfig {
    """A configuration from a map of its fields."""
    let config = MigrationConfig()
    for name, value in settings {
        match name {
            "max_iterations" => config.max_iterations = value
            "convergence_threshold" => config.convergence_threshold = value
            "bandwidth_limit_mbps" => config.bandwidth_limit_mbps = value
            "postcopy" => config.postcopy = value
            _ => throw "a migration has no setting `${name}`"
        }
    }
    if config.max_iterations < 1 { throw "max_iterations is at least 1" }
    if config.convergence_threshold <= 0 || config.convergence_threshold >= 1 {
        throw "convergence_threshold lies between 0 and 1"
    }
    return config
}
fn has_converged(dirty_pages: int, total_pages: int, threshold: float) -> bool {
    return dirty_pages < total_pages * threshold
}
fn transfer_ms(pages: int, bandwidth_mbps: int) -> float {
    """How long so many pages take."""
    return pages * memory.PAGE_SIZE * 8 / (bandwidth_mbps * 1000.0)
}
fn plan_precopy(
    total_pages: int,
    dirty_pages_per_second: float,
    config: MigrationConfig,
) -> MigrationResult {
    """What precopy would do with a guest that dirties so many pages a second."""
    let mut pages = total_pages
    for iteration in 1..config.max_iterations + 1 {
        let dirtied = dirty_pages_per_second *
            transfer_ms(pages, config.bandwidth_limit_mbps) /
            1000.0
        pages = min(int(dirtied), total_pages)
        if has_converged(pages, total_pages, config.convergence_threshold) {
            return MigrationResult(true, iteration, true)
        }
    }
    return MigrationResult(true, config.max_iterations, false)
}

class DirtyPageTracker {
    """Which pages of a guest have changed: one bit a page."""
    vm: vm_core.Machine? = null
    enabled: bool = false
    dirty: map<int, bool> = {}

    fn init(self, vm: vm_core.Machine? = null) { self.vm = vm }
    fn enable_tracking(self) {
        if self.vm != null { self.vm.need("dirty page tracking") }
        self.enabled = true
    }
    fn disable_tracking(self) { self.enabled = false }
    fn mark_dirty(self, address: int) {
        """A page that the script itself has changed."""
        if self.enabled { self.dirty[memory.page_align_down(address)] = true }
    }
    fn is_dirty(self, address: int) -> bool {
        return self.dirty.has(memory.page_align_down(address))
    }
    fn get_dirty_pages(self) -> array<int> {
        """Addresses of the pages that changed since the map was cleared."""
        if self.vm != null { self.vm.need("dirty page tracking") }
        return sorted(self.dirty.keys())
    }
    fn clear_dirty_map(self) {
        if self.vm != null { self.vm.need("dirty page tracking") }
        self.dirty.clear()
    }
}

class LiveMigration {
    """Moves a running machine: precopy, stop and copy, activation."""
    vm: vm_core.Machine? = null
    stage: string = PHASE_IDLE

    fn init(self, vm: vm_core.Machine? = null) { self.vm = vm }
    fn start_iterative_precopy(
        self,
        vm: vm_core.Machine,
        dest_host: string,
        config = {},
    ) -> MigrationResult {
        """config: a MigrationConfig or a map of its fields."""
        if !(type(config) == "MigrationConfig") { migration_config(config) }
        vm.need("live migration")
        return MigrationResult()
    }
    fn start_stop_and_copy(self, vm: vm_core.Machine, dest_host: string) -> MigrationResult {
        vm.need("live migration")
        return MigrationResult()
    }
    fn activate_on_destination(self, dest_vm: vm_core.Machine) -> MigrationResult {
        dest_vm.need("live migration")
        return MigrationResult()
    }
    fn cancel(self) { self.stage = PHASE_IDLE }
}

class VMStateSerializer {
    """The state of a machine as bytes."""
    fn serialize(self, vm: vm_core.Machine) -> array<int> {
        vm.need("snapshots")
        return []
    }
    fn deserialize(self, vm: vm_core.Machine, state: array<int>) { vm.need("snapshots") }
}
