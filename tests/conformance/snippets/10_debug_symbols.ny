vm = ProductionVMBuilder().pvh("probe.elf").build()
#= from files
vm.debug_ctx.load_symbols_from_file("kernel.pdb");
vm.debug_ctx.load_symbols_from_file("app.dbg");
#waits: reader of debug symbols from files
#= by hand
vm.debug_ctx.register_symbol(0x400000, "main", "function");
vm.debug_ctx.register_symbol(0x4001a0, "helper", "function");
vm.debug_ctx.register_symbol(0x600000, "data", "data");
print(hex(vm.debug_ctx.lookup_name("helper").address))  #> 0x4001a0
#= by address
vm.debug_ctx.register_symbol(0x401200, "strlen", "function", "libc");
let sym = vm.debug_ctx.lookup_address(0x401234);
print(sym.name, sym.type, sym.module, sym.offset, vm.debug_ctx.lookup_address(0x1000))  #> strlen function libc 52 null
#= the guest's stack
let vcpu_id = 0
let trace = vm.debug_ctx.get_stack_trace(vcpu_id);
#waits: access to a guest's stack from scripts
#= addresses of a stack
vm.debug_ctx.register_symbol(0x400000, "main", "function");
vm.debug_ctx.register_symbol(0x4001a0, "helper", "function");
for frame in vm.debug_ctx.symbolize([0x4001a4, 0x4001cc, 0x10]) { print(frame.symbol, frame.offset) }
#> helper 4
#> helper 44
#> null 0
