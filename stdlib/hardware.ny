"""Facts of PC hardware: addresses, ports, registers, and arithmetic on them."""

# ---- Physical addresses
const LAPIC_BASE = 0xFEE00000
const IOAPIC_BASE = 0xFEC00000
const TPM_BASE = 0xFED40000
const HPET_BASE = 0xFED00000
const EBDA_BASE = 0x9F000
const VIDEO_ROM_BASE = 0xC0000
const BIOS_ROM_BASE = 0xE0000
const HIGH_MEMORY_BASE = 0x100000
const PCI_MMIO_BASE = 0xC0000000
const RESET_VECTOR = 0xFFFFFFF0

# ---- ISA ports. A device with several has a range: `0x21 in PIC_MASTER`
const PIC_MASTER = 0x20..0x22
const PIC_SLAVE = 0xA0..0xA2
const PIT_PORT = 0x40..0x44
const PS2_PORT = 0x60..0x65
const RTC_PORT = 0x70..0x72
const DMA_PORT = 0x00..0x80
const SMI_PORT = 0xB2
const SMI_DATA_PORT = 0xB3
const COM1_PORT = 0x3F8..0x400
const COM2_PORT = 0x2F8..0x300
const IDE_PRIMARY = 0x1F0..0x1F8
const IDE_SECONDARY = 0x170..0x178
const PCI_CONFIG_ADDRESS = 0xCF8
const PCI_CONFIG_DATA = 0xCFC

# ---- Registers by name, as messages and register maps write them
const RAX = "rax"
const RBX = "rbx"
const RCX = "rcx"
const RDX = "rdx"
const RSI = "rsi"
const RDI = "rdi"
const RSP = "rsp"
const RBP = "rbp"
const R8 = "r8"
const R9 = "r9"
const R10 = "r10"
const R11 = "r11"
const R12 = "r12"
const R13 = "r13"
const R14 = "r14"
const R15 = "r15"
const RIP = "rip"
const RFLAGS = "rflags"
const CR0 = "cr0"
const CR2 = "cr2"
const CR3 = "cr3"
const CR4 = "cr4"
const CR8 = "cr8"
const XCR0 = "xcr0"
const EFER = "efer"
const GENERAL_REGISTERS = [
    RAX, RBX, RCX, RDX, RSI, RDI, RSP, RBP, R8, R9, R10, R11, R12, R13, R14, R15
]
const CONTROL_REGISTERS = [CR0, CR2, CR3, CR4, CR8, XCR0, EFER]

# ---- Interrupt lines of the ISA bus
const IRQ_TIMER = 0
const IRQ_KEYBOARD = 1
const IRQ_CASCADE = 2
const IRQ_COM2 = 3
const IRQ_COM1 = 4
const IRQ_RTC = 8
const IRQ_ACPI = 9
const IRQ_MOUSE = 12
const IRQ_IDE_PRIMARY = 14
const IRQ_IDE_SECONDARY = 15

# ---- Bits
fn bit(number: int) -> int {
    """The value with only that bit set."""
    return 1 << number
}
fn bits(value: int, high: int, low: int) -> int {
    """The field high..low of a value, both ends included, as data sheets write it."""
    return (value >> low) & ((1 << (high - low + 1)) - 1)
}
fn with_bits(value: int, high: int, low: int, field: int) -> int {
    """The value with the field high..low replaced."""
    let mask = ((1 << (high - low + 1)) - 1) << low
    return (value & ~mask) | ((field << low) & mask)
}
fn is_set(value: int, number: int) -> bool { return (value >> number & 1) == 1 }
fn is_power_of_two(value: int) -> bool { return value > 0 && (value & (value - 1)) == 0 }
fn popcount(value: int) -> int {
    """How many bits are set."""
    let mut left = value
    let mut count = 0
    while left != 0 {
        left &= left - 1
        count += 1
    }
    return count
}
fn byte_sum(bytes: array<int>) -> int {
    """The sum of bytes modulo 256: firmware tables are made to sum to 0."""
    return bytes.sum() & 0xFF
}
fn checksum(bytes: array<int>) -> int {
    """The byte that makes the sum of `bytes` and itself 0."""
    return (256 - byte_sum(bytes)) & 0xFF
}
fn little_endian(value: int, size: int) -> array<int> {
    """The bytes of a number, the lowest first."""
    return [value >> (8 * i) & 0xFF for i in 0..size]
}
fn from_little_endian(bytes: array<int>) -> int {
    let mut value = 0
    for (i = len(bytes) - 1; i >= 0; i--) { value = value << 8 | bytes[i] }
    return value
}
fn to_bcd(value: int) -> int { return value // 10 << 4 | value % 10 }
fn from_bcd(value: int) -> int { return (value >> 4) * 10 + (value & 0xF) }

# ---- PCI
class PCIAddress {
    """Bus, device and function of a PCI device."""
    bus: int = 0 """0 to 255."""
    slot: int = 0 """0 to 31."""
    function: int = 0 """0 to 7."""

    fn text(self) -> string {
        """As lspci writes it: `03:00.0`."""
        return "${self.bus:02x}:${self.slot:02x}.${self.function}"
    }
    fn config_address(self, offset: int) -> int {
        """What a guest writes to port 0xCF8 to reach that byte of configuration space."""
        return 0x80000000 | self.bus << 16 | self.slot << 11 | self.function << 8 | (offset & 0xFC)
    }
}

fn parse_pci_id(id: int) -> PCIAddress {
    """The PCI address of an id in the form 0xBBDD: the bus, then device and function (5 and 3 bits)."""
    assert id >= 0 && id <= 0xFFFF, "a PCI id has 16 bits: 0xBBDD"
    return PCIAddress(id >> 8, id >> 3 & 0x1F, id & 7)
}
fn pci_id(bus: int, slot: int, function: int = 0) -> int { return bus << 8 | slot << 3 | function }
