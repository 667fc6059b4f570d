#= unquoted import
import vm_production;
import vm_iommu;
import systems;
print(type(ProductionVMBuilder()), vm_iommu.ISOLATION_STRICT, systems.is_supported("x86_64"))  #> ProductionVMBuilder STRICT true
#= use
use vm_production;
use vm_iommu;
use systems;
print(type(vm_production.ProductionVMBuilder()))  #> ProductionVMBuilder
#= quoted
import "vm_production";
use "systems";
print(type(ProductionVMBuilder()))  #> ProductionVMBuilder
#= all styles in one file
import systems;
use "hardware";
import memory;
print(hardware.bits(0xABCD, 15, 8) == 0xAB, memory.PAGE_SIZE)  #> true 4096
#= the eight built-in modules
import systems;
import hardware;
import memory;
import vm_core;
import vm_iommu;
import vm_production;
import logging;
import metrics;
print(systems.ARCHITECTURES, hardware.RIP, memory.page_count(8193))  #> ["x86_64"] rip 3
print(vm_core.VCPU_RUNNING, vm_iommu.FAULT_RECORDED, type(vm_production.server_vm()))  #> RUNNING FAULT_RECORDED ProductionVMBuilder
print(logging.level_name(3), metrics.Counter("exits").increment(2))  #> WARN 2
