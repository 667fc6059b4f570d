"""The classic fluent builder: `ProductionVMBuilder().memory(2 GiB).cpus(2).linux("vmlinuz").build().run()`.

It sets the same fields as a `machine` block, so both give the same machine. What it asks for and this build does not have can be checked;
`nyxc build` refuses it and says what is missing."""
from "vm" import VirtualMachine
import vm_core
import vm_iommu
import vm_errors
import vm_logging

class ProductionVMBuilder {
    """Each method sets something and gives the builder back; `build()` gives the machine."""
    vm: VirtualMachine? = null
    kernel_path: string? = null
    initrd_path: string? = null
    cmdline_text: string? = null
    features: map<string, bool> = {} """What was asked for by a `with_` method."""

    fn init(self, name: string = "vm") {
        self.vm = VirtualMachine()
        self.name(name)
    }

    fn _set(self, field, value) -> ProductionVMBuilder {
        self.vm.set(field, value)
        return self
    }
    fn _boot(self, protocol, arguments) -> ProductionVMBuilder {
        return self._set("boot", __record(protocol, arguments))
    }
    fn _device(self, type, name, settings) -> ProductionVMBuilder {
        __machine_device(self.vm.handle, type, name, settings)
        return self
    }
    fn _need(self, what: string) -> ProductionVMBuilder {
        self.vm.need(what)
        return self
    }
    fn _with(self, feature: string) -> ProductionVMBuilder {
        self.features[feature] = true
        return self
    }

    # ---- The machine
    fn name(self, name: string) -> ProductionVMBuilder {
        __machine_name(self.vm.handle, name)
        self.vm.config.name = name
        self.vm.logger.name = name
        return self
    }
    fn memory(self, bytes: any) -> ProductionVMBuilder {
        """Bytes, or a size: `2 GiB`."""
        if type(bytes) == "int" || type(bytes) == "size" { self.vm.config.memory_size = bytes }
        return self._set("memory", bytes)
    }
    fn cpus(self, count: any) -> ProductionVMBuilder {
        if type(count) == "int" && count >= 1 && count <= 1024 { self.vm.config.vcpu_count = count }
        return self._set("cpus", count)
    }
    fn cpu(self, profile) -> ProductionVMBuilder { return self._set("cpu", _named(profile)) }
    fn pit(self, on = true) -> ProductionVMBuilder { return self._set("pit", on) }
    fn acpi(self, on = true) -> ProductionVMBuilder { return self._set("acpi", on) }
    fn accelerator(self, name) -> ProductionVMBuilder {
        return self._set("accelerator", _named(name))
    }
    fn irqchip(self, owner) -> ProductionVMBuilder { return self._set("irqchip", _named(owner)) }

    # ---- What it starts
    fn linux(self, kernel, initrd = null, cmdline = null) -> ProductionVMBuilder {
        return self._boot("linux", {kernel: kernel, initrd: initrd, cmdline: cmdline})
    }
    fn kernel(self, path: string?) -> ProductionVMBuilder {
        self.kernel_path = path
        return self
    }
    fn initrd(self, path: string?) -> ProductionVMBuilder {
        self.initrd_path = path
        return self
    }
    fn cmdline(self, text: string?) -> ProductionVMBuilder {
        self.cmdline_text = text
        return self
    }
    fn elf(self, image) -> ProductionVMBuilder { return self._boot("elf", {image: image}) }
    fn pvh(self, image, initrd = null, cmdline = null) -> ProductionVMBuilder {
        return self._boot("pvh", {image: image, initrd: initrd, cmdline: cmdline})
    }
    fn multiboot(self, kernel, mod = null, cmdline = null) -> ProductionVMBuilder {
        return self._boot("multiboot", {kernel: kernel, module: mod, cmdline: cmdline})
    }
    fn flat(self, image, load = null, entry = null, mode = null) -> ProductionVMBuilder {
        return self._boot("flat", {image: image, load: load, entry: entry, mode: _named(mode)})
    }
    fn bios(self, image) -> ProductionVMBuilder { return self._boot("firmware", {image: image}) }
    fn firmware(self, image) -> ProductionVMBuilder {
        return self._boot("firmware", {image: image})
    }

    # ---- Devices
    fn serial(self, name = null, backend = null, base = null, irq = null) -> ProductionVMBuilder {
        return self._device("serial", name, {base: base, irq: irq, backend: _backend(backend)})
    }
    fn debugcon(self, name = null, backend = null, base = null) -> ProductionVMBuilder {
        return self._device("debugcon", name, {base: base, backend: _backend(backend)})
    }
    fn exit_device(self, name = null, base = null) -> ProductionVMBuilder {
        return self._device("exit", name, {base: base})
    }
    fn pvpanic(self, name = null, base = null) -> ProductionVMBuilder {
        return self._device("pvpanic", name, {base: base})
    }

    # ---- Firmware, storage, network, display
    fn uefi(self, path: string) -> ProductionVMBuilder { return self._need("UEFI firmware") }
    fn disk(
        self,
        path: string,
        bus: string = "virtio",
        readonly: bool = false,
    ) -> ProductionVMBuilder {
        """The first is sda, the second sdb …"""
        return self._need("disks")
    }
    fn ahci(self, on: bool = true) -> ProductionVMBuilder {
        if on { self._need("AHCI controller") }
        return self
    }
    fn nic(self, model: string = "virtio", backend: any = null) -> ProductionVMBuilder {
        """model: e1000 or virtio."""
        return self._need("network cards")
    }
    fn gpu(self, on: bool = true) -> ProductionVMBuilder {
        if on { self._need("display") }
        return self
    }

    # ---- Production features
    fn with_logging(self) -> ProductionVMBuilder {
        """The machine's log takes DEBUG and above."""
        self.vm.logger.set_level(vm_logging.LOG_LEVEL_DEBUG)
        return self._with("logging")
    }
    fn with_metrics(self) -> ProductionVMBuilder {
        self.vm.metrics.metrics.enable_collection()
        return self._with("metrics")
    }
    fn with_performance_tracing(self) -> ProductionVMBuilder {
        return self._with("performance_tracing")
    }
    fn with_error_handling(self) -> ProductionVMBuilder {
        self.vm.error_handler.enabled = true
        self._need("handlers of guest exceptions")
        return self._with("error_handling")
    }
    fn with_live_migration(self) -> ProductionVMBuilder {
        self._need("live migration")
        return self._with("live_migration")
    }
    fn with_pci_hotplug(self) -> ProductionVMBuilder {
        self.vm.dynamic_devices.enable_pci_hotplug()
        return self._with("pci_hotplug")
    }
    fn with_tpm(self) -> ProductionVMBuilder {
        self._need("TPM")
        return self._with("tpm")
    }
    fn with_debug_symbols(self, path: string) -> ProductionVMBuilder {
        self._need("reader of debug symbols from files")
        return self._with("debug_symbols")
    }
    fn with_iommu(self) -> ProductionVMBuilder {
        self.vm.iommu_mgr.enable()
        return self._with("iommu")
    }
    fn passthrough_device(
        self,
        id: int,
        isolation: string = vm_iommu.ISOLATION_STRICT,
    ) -> ProductionVMBuilder {
        """id: 0xBBDD, the bus, then device and function. isolation: STRICT, SHARED or UNMANAGED."""
        self.vm.iommu_mgr.assign_device(id, isolation)
        return self
    }

    fn build(self) -> VirtualMachine {
        """The machine."""
        if self.kernel_path != null {
            self._boot("linux", {
                kernel: self.kernel_path, initrd: self.initrd_path, cmdline: self.cmdline_text
            })
        } else if self.initrd_path != null || self.cmdline_text != null {
            throw "`.initrd()` and `.cmdline()` belong to a `.kernel()`"
        }
        self.vm.finish()
        self.vm.logger.debug("VM", "${self.vm.name()} is described")
        return self.vm
    }
}

# A choice by its name, as a string or as what another call made.
fn _named(value) {
    if type(value) == "string" { return __symbol(value) }
    return value
}

# "stdio", "pty", "none", or "file:PATH".
fn _backend(value) {
    if type(value) == "string" && value.starts_with("file:") {
        return __record("file", {path: value[5:]})
    }
    return _named(value)
}

class ProductionVMMonitor {
    """Watches a machine by its measurements: takes snapshots, and says what is wrong."""
    vm: VirtualMachine? = null
    alerts: array<string> = []
    callbacks: array<fn(string)> = []

    fn init(self, vm: VirtualMachine) { self.vm = vm }
    fn on_alert(self, callback: fn(string)) { self.callbacks.push(callback) }
    fn check(self) -> array<string> {
        """Takes a snapshot of the measurements; gives the new alerts."""
        self.vm.metrics.metrics.take_snapshot()
        let fresh = [
            "${one[0]}: ${one[1]}: ${one[2]}" for one in self.vm.metrics.identify_bottleneck()
        ]
        for alert in fresh {
            self.alerts.push(alert)
            self.vm.logger.warn("metrics", alert)
            for callback in self.callbacks { callback(alert) }
        }
        return fresh
    }
    fn status(self) -> map<string, any> {
        return {
            name: self.vm.name(),
            exit_code: self.vm.exit_code,
            log_entries: self.vm.logger.count(),
            alerts: len(self.alerts),
            missing: self.vm.missing(),
        }
    }
}

fn production_readiness_check(vm: VirtualMachine) -> bool {
    """Whether a machine is fit for production. What it lacks is in `vm.error_handler.validation_errors`."""
    let wrong = vm.config.validate()
    if vm_core.bytes_of(vm.config.memory_size) < 64 * 1024 ** 2 {
        wrong.push("less than 64 MiB of memory")
    }
    if !vm.error_handler.enabled { wrong.push("no error handling: with_error_handling()") }
    if !vm.metrics.metrics.enabled { wrong.push("no metrics: with_metrics()") }
    if vm.logger.get_level() > vm_logging.LOG_LEVEL_INFO {
        wrong.push("the log does not take INFO")
    }
    for what in vm.missing() { wrong.push("this build of Nyx has no ${what}") }
    vm.error_handler.validation_errors = wrong
    return len(wrong) == 0
}

# ---- Example configurations
fn development_vm(name: string = "development") -> ProductionVMBuilder {
    """Small, and all that helps to see: the log, measurements, spans."""
    return ProductionVMBuilder(name)
        .memory(512 MiB)
        .cpus(1)
        .with_logging()
        .with_metrics()
        .with_performance_tracing()
}
fn server_vm(name: string = "server") -> ProductionVMBuilder {
    """4 GiB, four processors, log and measurements."""
    return ProductionVMBuilder(name).memory(4 GiB).cpus(4).with_logging().with_metrics()
}
