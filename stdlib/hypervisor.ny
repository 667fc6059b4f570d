"""The processor's virtualization as a script sees it: exit reasons, one dispatch for VMX and SVM, and second-level page tables.

Machines run on KVM or on the software CPU (`nyx run --accel`); a script does not execute VMX or SVM instructions itself."""
import memory
from "hardware" import RAX, RBX, RCX, RDX, RSI, RDI, RSP, RBP, R8, R9, R10, R11, R12, R13, R14, R15,
    RIP, RFLAGS
from "hardware" import CR0, CR2, CR3, CR4, CR8, XCR0, EFER

# Exits by what they are, for both vendors
const EXIT_EXCEPTION = "EXCEPTION"
const EXIT_INTERRUPT = "INTERRUPT"
const EXIT_TRIPLE_FAULT = "SHUTDOWN"
const EXIT_CPUID = "CPUID"
const EXIT_HLT = "HLT"
const EXIT_RDTSC = "RDTSC"
const EXIT_CR_ACCESS = "CR"
const EXIT_IO = "IO"
const EXIT_MSR_READ = "MSR_READ"
const EXIT_MSR_WRITE = "MSR_WRITE"
const EXIT_PAUSE = "PAUSE"
const EXIT_PAGE_FAULT = "MMIO"
const EXIT_VMCALL = "VMCALL"

# Intel SDM volume 3, appendix C
const VMX_EXIT_REASONS = {
    0: EXIT_EXCEPTION, 1: EXIT_INTERRUPT, 2: EXIT_TRIPLE_FAULT, 10: EXIT_CPUID, 12: EXIT_HLT,
    16: EXIT_RDTSC, 18: EXIT_VMCALL, 28: EXIT_CR_ACCESS, 30: EXIT_IO, 31: EXIT_MSR_READ,
    32: EXIT_MSR_WRITE, 40: EXIT_PAUSE, 48: EXIT_PAGE_FAULT, 49: EXIT_PAGE_FAULT
}
# AMD APM volume 2, appendix C
const SVM_EXIT_CODES = {
    0x60: EXIT_INTERRUPT, 0x6E: EXIT_RDTSC, 0x72: EXIT_CPUID, 0x77: EXIT_PAUSE, 0x78: EXIT_HLT,
    0x7B: EXIT_IO, 0x7F: EXIT_TRIPLE_FAULT, 0x81: EXIT_VMCALL, 0x400: EXIT_PAGE_FAULT
}

# Memory types of EPT entries (SDM volume 3, section 29.3.7)
const EPT_READ = 0x1
const EPT_WRITE = 0x2
const EPT_EXECUTE = 0x4
const EPT_UNCACHEABLE = 0
const EPT_WRITE_BACK = 6

class VMX {
    """Intel's form."""
    fn exit_kind(self, reason: int) -> string {
        """What an exit with that basic reason is; UNKNOWN for those without a name here."""
        return VMX_EXIT_REASONS.get(reason & 0xFFFF, "UNKNOWN")
    }
    fn io_exit(self, qualification: int) -> map<string, any> {
        """Exit qualification of I/O instructions (table 28-5)."""
        return {
            size: (qualification & 7) + 1,
            write: (qualification >> 3 & 1) == 0,
            string: (qualification >> 4 & 1) == 1,
            rep: (qualification >> 5 & 1) == 1,
            port: qualification >> 16 & 0xFFFF,
        }
    }
    fn enable(self) { __capability("VMX instructions in scripts") }
    fn vmread(self, field: int) -> int { __capability("VMX instructions in scripts") }
}

class SVM {
    """AMD's form."""
    fn exit_kind(self, code: int) -> string {
        if code >= 0x40 && code < 0x60 { return EXIT_EXCEPTION }
        if code < 0x20 { return EXIT_CR_ACCESS }
        return SVM_EXIT_CODES.get(code, "UNKNOWN")
    }
    fn io_exit(self, info: int) -> map<string, any> {
        """EXITINFO1 of IOIO exits (APM volume 2, section 15.10.2)."""
        return {
            size: info >> 4 & 7,
            write: (info & 1) == 0,
            string: (info >> 2 & 1) == 1,
            rep: (info >> 3 & 1) == 1,
            port: info >> 16 & 0xFFFF,
        }
    }
    fn enable(self) { __capability("SVM instructions in scripts") }
}

class EPT extends memory.PageTable {
    """Guest-physical to host-physical, in four levels."""
    fn violation(self, qualification: int) -> map<string, bool> {
        """Exit qualification of EPT violations (table 28-7)."""
        return {
            read: (qualification & 1) == 1,
            write: (qualification >> 1 & 1) == 1,
            execute: (qualification >> 2 & 1) == 1,
            present: (qualification >> 3 & 7) != 0,
        }
    }
}

class Hypervisor {
    """One dispatch for the exits of both vendors."""
    vendor: string = "intel"
    backend: any = null
    handlers: map<string, fn(any) -> any> = {}
    counts: map<string, int> = {}

    fn init(self, vendor: string = "intel") {
        if !(vendor in ["intel", "amd"]) { throw "the vendor is intel or amd" }
        self.vendor = vendor
        if vendor == "intel" { self.backend = VMX() } else { self.backend = SVM() }
    }
    fn register_exit_handler(self, kind: string, handler: fn(any) -> any) {
        """kind: one of the EXIT constants."""
        self.handlers[kind] = handler
    }
    fn dispatch(self, reason: int, context = null) {
        """Counts the exit and gives what its handler gives; throws where it has none."""
        let kind = self.backend.exit_kind(reason)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        let handler = self.handlers.get(kind)
        if handler == null { throw "nothing handles exit ${kind} (${hex(reason)})" }
        return handler(context)
    }
    fn total_exits(self) -> int { return self.counts.values().sum() }
    fn detect(self) -> string { __capability("view of the host's processor from scripts") }
}
