"""Measurements of a machine: counters, snapshots of them, a report, and what is slow.

`.run()` counts runs and their time. The other standard counters are zero until the script counts them: this build has no
counters that a script can read while a guest runs (`nyx run --exit-stats` prints the exits)."""
from "metrics" import Counter, Gauge, Histogram

const COUNTER_EVENT = "event"
const COUNTER_GAUGE = "gauge"
const COUNTER_HISTOGRAM = "histogram"
const MAX_SNAPSHOTS = 1000

const SEVERITY_LOW = "LOW"
const SEVERITY_MEDIUM = "MEDIUM"
const SEVERITY_HIGH = "HIGH"
const SEVERITY_CRITICAL = "CRITICAL"

const STANDARD_COUNTERS = [
    "total_vmexits", "disk_read_ops", "disk_write_ops", "disk_read_bytes", "disk_write_bytes",
    "nic_rx_packets", "nic_tx_packets", "nic_rx_bytes", "nic_tx_bytes", "nic_rx_errors",
    "nic_tx_errors", "nic_rx_dropped", "nic_tx_dropped", "memory_allocation_failures",
    "throttle_events", "runs", "run_time_us"
]
const STANDARD_GAUGES = [
    "disk_queue_depth", "dirty_page_rate", "page_fault_rate", "cpu_temperature",
    "power_consumption_w"
]
const STANDARD_HISTOGRAMS = ["exit_latency_us", "context_switch_latency_us", "disk_latency_us"]

class PerformanceCounter {
    """One measurement: a count of events, a gauge or a histogram."""
    name: string
    kind: string = COUNTER_EVENT
    count: int = 0
    level: float = 0.0
    samples: Histogram? = null

    fn init(self, name: string, kind: string = COUNTER_EVENT) {
        self.name = name
        self.kind = kind
        if kind == COUNTER_HISTOGRAM { self.samples = Histogram(name) }
    }
    fn increment(self, by: int = 1) {
        """Counts events."""
        if self.kind != COUNTER_EVENT {
            throw "`${self.name}` is a ${self.kind}: it is not incremented"
        }
        assert by >= 0, "a count of events does not go down"
        self.count += by
    }
    fn set(self, value: float) {
        """Sets a gauge."""
        if self.kind != COUNTER_GAUGE { throw "`${self.name}` is a ${self.kind}: it is not set" }
        self.level = value
    }
    fn record(self, value: float) {
        """Adds a value to a histogram."""
        if self.kind != COUNTER_HISTOGRAM {
            throw "`${self.name}` is a ${self.kind}: nothing is recorded in it"
        }
        self.samples.record(value)
    }
    fn value(self) {
        """The count, the level, or the mean (0 where nothing was recorded)."""
        match self.kind {
            "event" => return self.count
            "gauge" => return self.level
            _ => return self.samples.mean() ?? 0
        }
    }
    fn percentile(self, percent: float) -> float? {
        if self.kind != COUNTER_HISTOGRAM { return null }
        return self.samples.percentile(percent)
    }
}

class MetricsSnapshot {
    """All values at one moment."""
    timestamp: float """Seconds since 1970."""
    counters: map<string, any>
}

class VMMetricsCollector {
    """The measurements of a machine by name, and at most 1,000 snapshots."""
    enabled: bool = false
    counters: map<string, PerformanceCounter> = {}
    snapshots: array<MetricsSnapshot> = []

    fn init(self) {
        for name in STANDARD_COUNTERS { self.register(name) }
        for name in STANDARD_GAUGES { self.register(name, COUNTER_GAUGE) }
        for name in STANDARD_HISTOGRAMS { self.register(name, COUNTER_HISTOGRAM) }
    }
    fn enable_collection(self) { self.enabled = true }
    fn disable_collection(self) { self.enabled = false }
    fn register(self, name: string, kind: string = COUNTER_EVENT) -> PerformanceCounter {
        """The measurement of that name, made where there is none."""
        if !self.counters.has(name) { self.counters[name] = PerformanceCounter(name, kind) }
        return self.counters[name]
    }
    fn get(self, name: string) -> PerformanceCounter {
        if !self.counters.has(name) { throw "there is no measurement `${name}`" }
        return self.counters[name]
    }
    fn increment(self, name: string, by: int = 1) {
        if self.enabled { self.get(name).increment(by) }
    }
    fn set_gauge(self, name: string, value: float) {
        if self.enabled { self.get(name).set(value) }
    }
    fn record(self, name: string, value: float) {
        if self.enabled { self.get(name).record(value) }
    }
    fn read(self) -> map<string, any> {
        let values = {}
        for name, counter in self.counters { values[name] = counter.value() }
        return values
    }
    fn matching(self, part: string) -> map<string, any> {
        """The values of measurements whose names contain `part`."""
        let values = {}
        for name, value in self.read() {
            if name.contains(part) { values[name] = value }
        }
        return values
    }
    fn take_snapshot(self) -> MetricsSnapshot {
        """All values now, kept in `snapshots`, of which the oldest goes when there are 1,000."""
        let snapshot = MetricsSnapshot(__clock() / 1e9, self.read())
        self.snapshots.push(snapshot)
        if len(self.snapshots) > MAX_SNAPSHOTS { self.snapshots.pop(0) }
        return snapshot
    }
    fn rates(self) -> map<string, any> {
        """Change a second between the last two snapshots; empty where there are not two, or no time between them."""
        if len(self.snapshots) < 2 { return {} }
        let seconds = self.snapshots[-1].timestamp - self.snapshots[-2].timestamp
        if seconds <= 0 { return {} }
        let change = self.snapshots[-1].counters - self.snapshots[-2].counters
        let result = {}
        for name, value in change { result[name] = value / seconds }
        return result
    }
}

class VMPerformanceMonitor {
    """Reports on a collector, and says what limits a machine."""
    vm: any = null
    metrics: VMMetricsCollector? = null
    thresholds: map<string, float> = {}

    fn init(self, vm = null) {
        self.vm = vm
        self.metrics = VMMetricsCollector()
        self.thresholds = {
            vmexits_per_second: 100_000.0,
            disk_latency_p99_us: 1000.0,
            nic_error_rate: 0.001,
            memory_allocation_failures: 0.0,
        }
    }
    fn get_performance_report(self) -> map<string, any> {
        """total_exits, avg_exit_time_us, disk_latency_us, network_errors, memory_efficiency (1 - failed allocations / all disk and network operations)."""
        let all = self.metrics
        let operations = all.get("disk_read_ops").count +
            all.get("disk_write_ops").count +
            all.get("nic_rx_packets").count +
            all.get("nic_tx_packets").count
        return {
            total_exits: all.get("total_vmexits").count,
            avg_exit_time_us: float(all.get("exit_latency_us").value()),
            disk_latency_us: float(all.get("disk_latency_us").value()),
            network_errors: all.get("nic_rx_errors").count + all.get("nic_tx_errors").count,
            memory_efficiency: 1.0 -
                all.get("memory_allocation_failures").count / max(operations, 1),
        }
    }
    fn set_threshold(self, name: string, value: float) {
        if !self.thresholds.has(name) {
            throw "there is no threshold `${name}`; there are ${self.thresholds.keys().join(", ")}"
        }
        self.thresholds[name] = value
    }
    fn identify_bottleneck(self) -> array<tuple> {
        """Triples (issue, severity, suggestion), the worst first; empty where no threshold is passed."""
        let found = []
        let exits = self.metrics.rates().get("total_vmexits", 0.0)
        self._over(
            found,
            "io",
            exits,
            self.thresholds.vmexits_per_second,
            "use virtio devices: they leave the guest less often",
        )
        let latency = self.metrics.get("disk_latency_us").percentile(99.0) ?? 0.0
        self._over(
            found,
            "disk",
            latency,
            self.thresholds.disk_latency_p99_us,
            "move the image to a faster disk, or give it more queues",
        )
        let packets = self.metrics.get("nic_rx_packets").count +
            self.metrics.get("nic_tx_packets").count
        let errors = self.metrics.get("nic_rx_errors").count +
            self.metrics.get("nic_tx_errors").count
        self._over(
            found,
            "network",
            errors / max(packets, 1),
            self.thresholds.nic_error_rate,
            "look at the network's backend: packets get lost",
        )
        let failures = self.metrics.get("memory_allocation_failures").count
        self._over(
            found,
            "memory",
            float(failures),
            self.thresholds.memory_allocation_failures,
            "give the machine more memory",
        )
        let order = [SEVERITY_CRITICAL, SEVERITY_HIGH, SEVERITY_MEDIUM, SEVERITY_LOW]
        return sorted(found, key = fn(one) { return order.find(one[1]) })
    }
    fn _over(self, found, issue: string, value, limit, suggestion: string) {
        if value <= limit { return }
        found.push((issue, severity_of(value, limit), suggestion))
    }
}

fn severity_of(value: float, limit: float) -> string {
    """By how far a value is over its threshold: LOW up to 1.5 times, MEDIUM up to 3, HIGH up to 10, then CRITICAL."""
    if limit <= 0 || value > limit * 10 { return SEVERITY_CRITICAL }
    if value > limit * 3 { return SEVERITY_HIGH }
    if value > limit * 1.5 { return SEVERITY_MEDIUM }
    return SEVERITY_LOW
}
