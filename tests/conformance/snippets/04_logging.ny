vm = ProductionVMBuilder().pvh("probe.elf").build()
#= setting it up
let logger = vm.logger;
logger.set_level(vm_logging.LOG_LEVEL_INFO);
logger.register_component("device", vm_logging.LOG_LEVEL_DEBUG);
logger.register_output(fn(level, component, msg) {
    printf("[%s][%s] %s\n", level, component, msg);
});
logger.debug("VM", "below the level")
logger.debug("device", "a register was read")  #> [DEBUG][device] a register was read
logger.info("VM", "ready")                     #> [INFO][VM] ready
logger.fatal("VM", "the end")                  #> [FATAL][VM] the end
#= levels in their order
let levels = [LOG_LEVEL_TRACE, LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL_FATAL]
print(levels == sorted(levels), [vm_logging.level_name(level) for level in levels].join(" "))  #> true TRACE DEBUG INFO WARN ERROR FATAL
#= dumping it
let timestamp = 0.0
vm.logger.info("VM", "one")
vm.logger.warn("device", "two")
vm.logger.dump_buffer();
#> [INFO][VM] one
#> [WARN][device] two
vm.logger.dump_component("device");  #> [WARN][device] two
vm.logger.dump_since(timestamp);
#> [INFO][VM] one
#> [WARN][device] two
#= the buffer is bounded
let small = vm_logging.Logger("small", null, 3)
for i in 0..5 { small.info("n", i) }
print([entry.message for entry in small.entries()].join(","), small.dropped)  #> 2,3,4 2
