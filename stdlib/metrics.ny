"""Measuring: counters, gauges, histograms, and a registry of them."""

class Counter {
    """Counts events; it never goes down."""
    name: string
    value: int = 0

    fn increment(self, by: int = 1) -> int {
        assert by >= 0, "a counter does not go down"
        self.value += by
        return self.value
    }
    fn reset(self) { self.value = 0 }
}

class Gauge {
    """A value that goes up and down."""
    name: string
    value: float = 0.0

    fn set(self, value: float) { self.value = value }
    fn add(self, by: float) { self.value += by }
}

class Histogram {
    """A distribution. It keeps the newest `capacity` values."""
    name: string
    capacity: int = 10_000
    values: array<float> = []
    next: int = 0
    count: int = 0 """Of all values ever recorded."""
    total: float = 0.0

    fn record(self, value: float) {
        if len(self.values) < self.capacity {
            self.values.push(value)
        } else {
            self.values[self.next] = value
            self.next = (self.next + 1) % self.capacity
        }
        self.count += 1
        self.total += value
    }
    fn mean(self) -> float? {
        if self.count == 0 { return null }
        return self.total / self.count
    }
    fn percentile(self, percent: float) -> float? {
        """The least kept value that so many percent do not exceed (nearest rank); null where there is none."""
        if len(self.values) == 0 { return null }
        let rank = ceil(percent * len(self.values) / 100.0)
        return sorted(self.values)[clamp(rank, 1, len(self.values)) - 1]
    }
    fn minimum(self) -> float? {
        if len(self.values) == 0 { return null }
        return min(self.values)
    }
    fn maximum(self) -> float? {
        if len(self.values) == 0 { return null }
        return max(self.values)
    }
}

class Registry {
    """Measurements by name, made when first asked for."""
    counters: map<string, Counter> = {}
    gauges: map<string, Gauge> = {}
    histograms: map<string, Histogram> = {}

    fn counter(self, name: string) -> Counter {
        if !self.counters.has(name) { self.counters[name] = Counter(name) }
        return self.counters[name]
    }
    fn gauge(self, name: string) -> Gauge {
        if !self.gauges.has(name) { self.gauges[name] = Gauge(name) }
        return self.gauges[name]
    }
    fn histogram(self, name: string) -> Histogram {
        if !self.histograms.has(name) { self.histograms[name] = Histogram(name) }
        return self.histograms[name]
    }
    fn read(self) -> map<string, any> {
        """All values by name: of a histogram its mean."""
        let values = {}
        for name, one in self.counters { values[name] = one.value }
        for name, one in self.gauges { values[name] = one.value }
        for name, one in self.histograms { values[name] = one.mean() }
        return values
    }
    fn matching(self, part: string) -> map<string, any> {
        """The values whose names contain `part`."""
        let values = {}
        for name, value in self.read() {
            if name.contains(part) { values[name] = value }
        }
        return values
    }
}

fn rate(before: float, after: float, seconds: float) -> float? {
    """Change in a second; null where no time has passed."""
    if seconds <= 0 { return null }
    return (after - before) / seconds
}
