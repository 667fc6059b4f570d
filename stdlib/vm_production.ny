"""The classic fluent builder: `ProductionVMBuilder().memory(2 GiB).cpus(2).linux("vmlinuz").build().run()`.

It sets the same fields as a `machine` block, so both give the same machine. Methods for what this build cannot do say so."""

class ProductionVMBuilder {
    fn init(self, name = "vm") {
        self.vm = __machine_new()
        __machine_name(self.vm, name)
    }

    fn _set(self, field, value) {
        __machine_set(self.vm, field, value)
        return self
    }

    fn _boot(self, protocol, arguments) { return self._set("boot", __record(protocol, arguments)) }

    fn _device(self, type, name, settings) {
        __machine_device(self.vm, type, name, settings)
        return self
    }

    # ---- The machine
    fn name(self, name) {
        __machine_name(self.vm, name)
        return self
    }
    fn memory(self, bytes) { return self._set("memory", bytes) }
    fn cpus(self, count) { return self._set("cpus", count) }
    fn cpu(self, profile) { return self._set("cpu", _named(profile)) }
    fn pit(self, on = true) { return self._set("pit", on) }
    fn acpi(self, on = true) { return self._set("acpi", on) }
    fn accelerator(self, name) { return self._set("accelerator", _named(name)) }
    fn irqchip(self, owner) { return self._set("irqchip", _named(owner)) }

    # ---- What it starts
    fn linux(self, kernel, initrd = null, cmdline = null) {
        return self._boot("linux", {kernel: kernel, initrd: initrd, cmdline: cmdline})
    }
    fn kernel(self, path) {
        self.kernel_path = path
        return self
    }
    fn initrd(self, path) {
        self.initrd_path = path
        return self
    }
    fn cmdline(self, text) {
        self.cmdline_text = text
        return self
    }
    fn elf(self, image) { return self._boot("elf", {image: image}) }
    fn pvh(self, image, initrd = null, cmdline = null) {
        return self._boot("pvh", {image: image, initrd: initrd, cmdline: cmdline})
    }
    fn multiboot(self, kernel, mod = null, cmdline = null) {
        return self._boot("multiboot", {kernel: kernel, module: mod, cmdline: cmdline})
    }
    fn flat(self, image, load = null, entry = null, mode = null) {
        return self._boot("flat", {image: image, load: load, entry: entry, mode: _named(mode)})
    }
    fn bios(self, image) { return self._boot("firmware", {image: image}) }
    fn firmware(self, image) { return self._boot("firmware", {image: image}) }

    # ---- Devices
    fn serial(self, name = null, backend = null, base = null, irq = null) {
        return self._device("serial", name, {base: base, irq: irq, backend: _backend(backend)})
    }
    fn debugcon(self, name = null, backend = null, base = null) {
        return self._device("debugcon", name, {base: base, backend: _backend(backend)})
    }
    fn exit_device(self, name = null, base = null) { return self._device("exit", name, {base: base}) }
    fn pvpanic(self, name = null, base = null) { return self._device("pvpanic", name, {base: base}) }

    fn build(self) {
        if self.kernel_path != null {
            self._boot("linux", {kernel: self.kernel_path, initrd: self.initrd_path, cmdline: self.cmdline_text})
        } else if self.initrd_path != null || self.cmdline_text != null {
            throw "`.initrd()` and `.cmdline()` belong to a `.kernel()`"
        }
        return __machine_finish(self.vm)
    }

    # ---- What the classic builder has and this build has not
    fn uefi(self, path = null) { __capability("UEFI firmware") }
    fn disk(self, path = null, bus = null, readonly = false) { __capability("disks") }
    fn ahci(self, on = true) { __capability("AHCI controller") }
    fn nic(self, model = null, backend = null) { __capability("network cards") }
    fn gpu(self, on = true) { __capability("display") }
    fn with_error_handling(self) { __capability("error handlers") }
    fn with_logging(self) { __capability("guest event log") }
    fn with_metrics(self) { __capability("metrics") }
    fn with_live_migration(self) { __capability("live migration") }
    fn with_pci_hotplug(self) { __capability("PCI hotplug") }
    fn with_tpm(self) { __capability("TPM") }
    fn with_debug_symbols(self, path = null) { __capability("guest symbols") }
    fn with_performance_tracing(self) { __capability("performance tracing") }
    fn with_iommu(self) { __capability("IOMMU") }
    fn passthrough_device(self, id = null, isolation = null) { __capability("device pass-through") }

    kernel_path = null
    initrd_path = null
    cmdline_text = null
}

# A choice by its name, as a string or as what another call made.
fn _named(value) {
    if type(value) == "string" { return __symbol(value) }
    return value
}

# "stdio", "pty", "none", or "file:PATH".
fn _backend(value) {
    if type(value) == "string" && value.starts_with("file:") { return __record("file", {path: value[5:]}) }
    return _named(value)
}
