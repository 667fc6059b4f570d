#= memory
let KiB = 1 * 1024
let MiB = 1 * 1024 * 1024
let GiB = 1 * 1024 * 1024 * 1024
import memory
print(KiB == memory.KIB, MiB == memory.MIB, GiB == memory.GIB, 1 GiB / 1 B == GiB)  #> true true true true
#= registers
import hypervisor
from "hardware" import RSP, RIP, RAX, RBX, RCX, RDX, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15
print([RSP, RIP, RAX, RBX, RCX, RDX, RSI, RDI].join(" "), [R8, R9, R10, R11, R12, R13, R14, R15].join(" "))  #> rsp rip rax rbx rcx rdx rsi rdi r8 r9 r10 r11 r12 r13 r14 r15
#= control registers
import hardware
print([hardware.CR0, hardware.CR3, hardware.CR4, hardware.CR8, hardware.XCR0].join(" "))  #> cr0 cr3 cr4 cr8 xcr0
#= addresses
print([hex(at) for at in [LAPIC_BASE, IOAPIC_BASE, TPM_BASE, HPET_BASE, SMI_PORT]].join(" "))  #> 0xfee00000 0xfec00000 0xfed40000 0xfed00000 0xb2
#= ports
import hardware
for ports in [PIC_MASTER, PIC_SLAVE, PIT_PORT, RTC_PORT, PS2_PORT, DMA_PORT] { printf("%x-%x\n", ports[0], ports[-1]) }
#> 20-21
#> a0-a1
#> 40-43
#> 70-71
#> 60-64
#> 0-7f
