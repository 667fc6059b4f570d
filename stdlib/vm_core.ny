"""The core of the classic machine object: its configuration, its memory and processors as data, and what all its parts share."""
import memory

const BOOT_UEFI = "UEFI"
const BOOT_BIOS = "BIOS"
const BIOS_ENTRY = 0xFFF0
const UEFI_ENTRY = 0xFFFFFFFF

# States of a vCPU
const VCPU_RUNNING = "RUNNING"
const VCPU_PENDING_EXIT = "PENDING_EXIT"
const VCPU_EXITED = "EXITED"
const VCPU_HALTED = "HALTED"
const VCPU_PAUSED = "PAUSED"
const VCPU_FAULTED = "FAULTED"
const VCPU_TRANSITIONS = {
    "RUNNING": ["PENDING_EXIT", "PAUSED"],
    "PENDING_EXIT": ["EXITED"],
    "EXITED": ["RUNNING", "HALTED", "PAUSED", "FAULTED"],
    "HALTED": ["RUNNING", "PAUSED"],
    "PAUSED": ["RUNNING", "FAULTED"],
    "FAULTED": ["PAUSED", "RUNNING"],
}

fn bytes_of(amount: any) -> int {
    """The bytes of a size, or of a plain number, which counts bytes."""
    if type(amount) == "int" { return amount }
    return amount / 1 B
}

class VMConfig {
    """What a machine is made from without the builder."""
    name: string = "vm"
    memory_size: size = 128 * 1024 ** 2 """Bytes of RAM."""
    vcpu_count: int = 1
    boot_firmware: string = BOOT_BIOS """UEFI or BIOS."""
    boot_path: any = BIOS_ENTRY
        """Where the firmware begins: 0xFFF0 for a BIOS, 0xFFFFFFFF for UEFI."""
    allow_nested_vm: bool = false """Let the guest run machines of its own."""
    enable_msi: bool = true """Message-signalled interrupts, for devices that have them."""
    enable_iommu: bool = false

    fn validate(self) -> array<string> {
        """What is wrong with it; empty: nothing."""
        let wrong = []
        if self.vcpu_count < 1 { wrong.push("a machine has at least one vCPU") }
        if bytes_of(self.memory_size) < 1024 ** 2 {
            wrong.push("a machine has at least 1 MiB of memory")
        }
        if !(self.boot_firmware in [BOOT_UEFI, BOOT_BIOS]) {
            wrong.push("boot_firmware is UEFI or BIOS")
        }
        return wrong
    }
}

class GuestMemory {
    """Guest-physical memory as a map of regions. Its bytes are the guest's: this build does not let scripts read them."""
    size: int = 0
    map: memory.MemoryMap? = null

    fn init(self, size: int) {
        self.size = size
        self.map = memory.MemoryMap()
        let low = min(size, 0xC0000000)
        self.map.add(memory.MemoryRegion("low memory", 0, low))
        if size > low { self.map.add(memory.MemoryRegion("high memory", 0x100000000, size - low)) }
    }
    fn page_count(self) -> int { return memory.page_count(self.size) }
    fn dirty_bitmap_bytes(self) -> int { return memory.dirty_bitmap_bytes(self.size) }
    fn is_ram(self, address: int) -> bool { return self.map.find(address) != null }
    fn read(self, address: int, size: int) -> array<int> {
        __capability("access to a guest's memory from scripts")
    }
    fn write(self, address: int, bytes: array<int>) {
        __capability("access to a guest's memory from scripts")
    }
}

class VCPUState {
    """Registers and state of a vCPU, as data: what a snapshot holds and a debugger shows."""
    id: int = 0
    state: string = VCPU_PAUSED
    registers: map<string, int> = {}
    pending_interrupts: array<int> = []
    interrupt_shadow: bool = false
    nmi_pending: bool = false
    total_exits: int = 0
    total_instructions: int = 0
    total_cycles: int = 0
    transitions: array<fn(string, string)> = []

    fn init(self, id: int = 0) {
        self.id = id
        for name in [
            "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp", "cr2", "cr3", "cr4", "cr8",
            "efer"
        ] {
            self.registers[name] = 0
        }
        for number in 8..16 { self.registers["r${number}"] = 0 }
        # After reset (Intel SDM volume 3, table 10-1)
        self.registers.rip = 0xFFF0
        self.registers.rflags = 2
        self.registers.cr0 = 0x60000010
    }
    fn get(self, register: string) -> int { return self.registers[register] }
    fn set(self, register: string, value: int) {
        if !self.registers.has(register) { throw "a vCPU has no register `${register}`" }
        self.registers[register] = value
    }
    fn on_transition(self, callback: fn(string, string)) {
        """Called with (from, to)."""
        self.transitions.push(callback)
    }
    fn transition(self, to: string) {
        """Throws where a vCPU cannot go from its state to that one."""
        if !VCPU_TRANSITIONS.has(to) { throw "a vCPU has no state `${to}`" }
        if !(to in VCPU_TRANSITIONS[self.state]) {
            throw "a vCPU does not go from ${self.state} to ${to}"
        }
        let from_state = self.state
        self.state = to
        for callback in self.transitions { callback(from_state, to) }
    }
    fn inject_interrupt(self, vector: int) {
        """Queues an interrupt; the highest vector goes first (SDM volume 3, section 11.8.3.1)."""
        assert vector >= 16 && vector <= 255, "interrupt vectors are 16 to 255"
        self.pending_interrupts.push(vector)
        self.pending_interrupts.sort(reverse = true)
    }
    fn take_interrupt(self) -> int? {
        """The next interrupt that the vCPU would take; null in an interrupt's shadow or with IF clear."""
        if self.interrupt_shadow ||
                (self.registers.rflags >> 9 & 1) == 0 ||
                len(self.pending_interrupts) == 0 {
            return null
        }
        return self.pending_interrupts.pop(0)
    }
    fn cycles_per_exit(self) -> float? {
        if self.total_exits == 0 { return null }
        return self.total_cycles / self.total_exits
    }
}

class Machine {
    """What the parts of a machine know of it."""
    handle: any = null """The machine that nyxc builds."""
    started: bool = false

    fn need(self, what: string) {
        """This machine needs something that this build does not have: it can be checked, and is refused when it is built. Once it has run, at once."""
        if self.started { __capability(what) }
        __machine_needs(self.handle, what)
    }
    fn missing(self) -> array<string> {
        """What it needs and this build does not have."""
        return __machine_needed(self.handle)
    }
}
