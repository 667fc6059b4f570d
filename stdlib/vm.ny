"""The classic machine object: `VirtualMachine(config)`, or what the builder's `build()` gives."""
from "vm_core" import VMConfig, GuestMemory, VCPUState, Machine, BOOT_UEFI, BOOT_BIOS, BIOS_ENTRY,
    UEFI_ENTRY, bytes_of
import vm_logging
import vm_metrics
import vm_errors
import vm_tpm
import vm_migration
import vm_hotplug
import vm_iommu
import vm_devices

class VirtualMachine extends Machine {
    """A machine, and everything that a script can say to it."""
    config: VMConfig? = null
    guest_memory: GuestMemory? = null
    vcpus: array<VCPUState> = []
    bus: vm_devices.DeviceBus? = null
    logger: vm_logging.Logger? = null
    metrics: vm_metrics.VMPerformanceMonitor? = null
    error_handler: vm_errors.ExceptionHandler? = null
    dirty_tracker: vm_migration.DirtyPageTracker? = null
    migration_mgr: vm_migration.LiveMigration? = null
    dynamic_devices: vm_hotplug.DynamicDeviceManager? = null
    iommu_mgr: vm_iommu.IOMMUManager? = null
    debug_ctx: vm_logging.DebugSymbolManager? = null
    breakpoints: vm_logging.BreakpointManager? = null
    tpm: vm_tpm.TPM2_Device? = null
    exit_code: int? = null """Of the run; null before it."""

    fn init(self, config: VMConfig? = null) {
        self.config = config ?? VMConfig()
        self.handle = __machine_new()
        __machine_name(self.handle, self.config.name)
        if config != null { self._configure() }
        self.logger = vm_logging.Logger(self.config.name, vm_logging.logger)
        self.metrics = vm_metrics.VMPerformanceMonitor(self)
        self.error_handler = vm_errors.ExceptionHandler(self)
        self.dirty_tracker = vm_migration.DirtyPageTracker(self)
        self.migration_mgr = vm_migration.LiveMigration(self)
        self.dynamic_devices = vm_hotplug.DynamicDeviceManager(self)
        self.iommu_mgr = vm_iommu.IOMMUManager(self)
        self.debug_ctx = vm_logging.DebugSymbolManager(self)
        self.breakpoints = vm_logging.BreakpointManager(self)
        self.tpm = vm_tpm.TPM2_Device(self)
        self.bus = vm_devices.DeviceBus()
    }
    fn _configure(self) {
        self.set("memory", self.config.memory_size)
        self.set("cpus", self.config.vcpu_count)
        if self.config.allow_nested_vm { self.need("nested virtualization") }
        if self.config.enable_iommu { self.need("IOMMU") }
        self.finish()
    }
    fn set(self, field: string, value: any) {
        """A field of the machine, as in a `machine` block."""
        __machine_set(self.handle, field, value)
    }
    fn name(self) -> string { return self.handle.name }
    fn finish(self) {
        """The machine is described: nyxc checks and builds it."""
        __machine_finish(self.handle)
        self.guest_memory = GuestMemory(bytes_of(self.config.memory_size))
        self.vcpus = [VCPUState(id) for id in 0..self.config.vcpu_count]
    }

    # ---- Setting it up without the builder
    fn init_devices(self) {
        """The devices of a classic PC that the board does not bring by itself: a serial port."""
        __machine_device(self.handle, "serial", "com1", {})
    }
    fn setup_bios_boot(self, path: string) { self.set("boot", __record("firmware", {image: path})) }
    fn setup_uefi_boot(self, path: string) { self.need("UEFI firmware") }
    fn setup_linux_boot(self, kernel: string, initrd: string? = null, cmdline: string? = null) {
        self.set("boot", __record("linux", {kernel: kernel, initrd: initrd, cmdline: cmdline}))
    }

    # ---- Running it
    fn run(self) -> int {
        """Runs the machine to its end and gives its exit status: 0 when the guest powers off, or the status of its exit device."""
        self.logger.info("VM", "${self.name()} starts")
        let before = __clock()
        let status = self.handle.run()
        self.started = true
        self.exit_code = status
        self.metrics.metrics.increment("runs")
        self.metrics.metrics.increment("run_time_us", (__clock() - before) // 1000)
        self.logger.info("VM", "${self.name()} ended with status ${status}")
        return status
    }
    fn run_vcpu_loop(self, vcpu_id: int) { __capability("vCPU loop in scripts") }
    fn handle_vmexit(self, vcpu_id: int, reason: int) { __capability("VM exits in scripts") }
    fn pause(self) { __capability("way to pause a machine from its script") }
    fn resume(self) { __capability("way to pause a machine from its script") }
    fn stop(self) { __capability("way to stop a machine from its script") }
    fn reset(self) { __capability("way to reset a machine from its script") }

    # ---- Its state
    fn snapshot(self) -> any {
        """Memory, registers and devices."""
        self.need("snapshots")
        return null
    }
    fn restore(self, state: any) { self.need("snapshots") }
}

class VMBuilder {
    """The plain builder: memory, processors, firmware."""
    config: VMConfig? = null

    fn init(self, name: string = "vm") { self.config = VMConfig(name) }
    fn name(self, name: string) -> VMBuilder {
        self.config.name = name
        return self
    }
    fn memory(self, bytes: size) -> VMBuilder {
        self.config.memory_size = bytes
        return self
    }
    fn cpus(self, count: int) -> VMBuilder {
        self.config.vcpu_count = count
        return self
    }
    fn firmware(self, kind: string) -> VMBuilder {
        """UEFI or BIOS."""
        self.config.boot_firmware = kind
        return self
    }
    fn build(self) -> VirtualMachine {
        let wrong = self.config.validate()
        if len(wrong) > 0 { throw wrong.join("; ") }
        return VirtualMachine(self.config)
    }
}
