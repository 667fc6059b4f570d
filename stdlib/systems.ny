"""Hardware systems and virtualization in one import: the hypervisor's dispatch, the machine object and the devices."""
from "hypervisor" import Hypervisor, VMX, SVM, EPT
from "vm_core" import VMConfig, GuestMemory, VCPUState
from "vm" import VirtualMachine, VMBuilder
from "vm_devices" import Device, DeviceBus
from "memory" import MemoryRegion, MemoryMap, PageTable

const ARCHITECTURES = ["x86_64"]

fn is_supported(architecture: string) -> bool {
    """Whether this build runs guests of that architecture."""
    return architecture in ARCHITECTURES
}
fn pc_memory_map(bytes: int) -> MemoryMap {
    """The map of a PC with so much memory: below the hole at 3 GiB, and above 4 GiB."""
    return GuestMemory(bytes).map
}
