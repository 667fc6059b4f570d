vm = ProductionVMBuilder().pvh("probe.elf").with_performance_tracing().build()
#= a span
let tracer = vm.debug_ctx.tracer;
tracer.start_span("Guest Boot");
print(tracer.end_span() > 0)  #> true
#= events in it
let tracer = vm.debug_ctx.tracer;
tracer.start_span("Guest Boot");
tracer.add_event("disk_read_start");
tracer.add_event("disk_read_complete");
tracer.end_span();
print([event.name for event in tracer.finished[0].events].join(" "))  #> disk_read_start disk_read_complete
#= statistics
let mut now = 0.0
let tracer = vm_logging.PerformanceTracer(fn() { return now })
tracer.start_span("outer")
tracer.start_span("inner")
tracer.add_event("tick"); tracer.add_event("tick")
now = 250.0
tracer.end_span()
now = 1000.0
tracer.end_span()
let stats = tracer.get_statistics();
print(stats.slowest_spans, stats.event_counts, stats.total_time_us)  #> [("outer", 1000.0), ("inner", 250.0)] {"tick": 2} 1000.0
