vm = ProductionVMBuilder().pvh("probe.elf").build()
#= collecting
let metrics = vm.metrics;
metrics.metrics.enable_collection();
metrics.metrics.increment("nic_rx_packets", 5)
print(metrics.metrics.get("nic_rx_packets").count)  #> 5
#= the report, and what is slow
let metrics = vm.metrics;
metrics.metrics.enable_collection();
let report = metrics.get_performance_report();
print(report.keys().join(" "))  #> total_exits avg_exit_time_us disk_latency_us network_errors memory_efficiency
metrics.metrics.record("disk_latency_us", 4000.0)
metrics.metrics.increment("memory_allocation_failures")
let bottlenecks = metrics.identify_bottleneck();
for (issue_type, severity, suggestion) in bottlenecks { print(issue_type, severity, len(suggestion) > 0) }
#> memory CRITICAL true
#> disk HIGH true
#= snapshots and their difference
let metrics = vm.metrics;
metrics.metrics.enable_collection();
metrics.metrics.take_snapshot();
metrics.metrics.increment("disk_read_ops", 7)
let snapshot = metrics.metrics.take_snapshot();
let length = len(metrics.metrics.snapshots)
let prev_snapshot = metrics.metrics.snapshots[length - 2];
let delta = snapshot.counters - prev_snapshot.counters;
print(delta.disk_read_ops, delta.disk_write_ops, snapshot.timestamp >= prev_snapshot.timestamp)  #> 7 0 true
