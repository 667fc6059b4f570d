"""Seeing what a machine does: its log, spans of time, symbols of its guest, breakpoints."""
from "logging" import LOG_LEVEL_TRACE, LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN,
    LOG_LEVEL_ERROR, LOG_LEVEL_FATAL
from "logging" import LOG_LEVEL_NAMES, LOG_BUFFER_ENTRIES, Logger, LogEntry, level_name, get_logger,
    logger

typealias Clock = fn() -> float
typealias BreakCondition = fn(any) -> bool

class TraceEvent {
    """A moment inside a span."""
    name: string
    time_us: float
}

class TraceSpan {
    """A named stretch of time."""
    name: string
    start_us: float
    duration_us: float? = null """Null while it is open."""
    depth: int = 0
    events: array<TraceEvent> = []
}

class PerformanceTracer {
    """Spans of time, one inside another, with events in them. In the build stage, which has no clock, all times are 0."""
    clock: Clock? = null
    open: array<TraceSpan> = []
    finished: array<TraceSpan> = []
    event_counts: map<string, int> = {}

    fn init(self, clock: Clock? = null) {
        """clock: gives microseconds; the host's where it is left out."""
        self.clock = clock ?? fn() { return __clock() / 1000.0 }
    }
    fn start_span(self, name: string) -> TraceSpan {
        let span = TraceSpan(name, self.clock(), null, len(self.open))
        self.open.push(span)
        return span
    }
    fn add_event(self, name: string) {
        """An event of the innermost open span; without one it is only counted."""
        self.event_counts[name] = self.event_counts.get(name, 0) + 1
        if len(self.open) > 0 { self.open.last().events.push(TraceEvent(name, self.clock())) }
    }
    fn end_span(self) -> float {
        """Ends the innermost span and gives its microseconds."""
        if len(self.open) == 0 { throw "no span is open" }
        let span = self.open.pop()
        span.duration_us = self.clock() - span.start_us
        self.finished.push(span)
        return span.duration_us
    }
    fn measure(self, name: string, work: fn() -> any) {
        """The value of work(), with a span around it."""
        self.start_span(name)
        try { return work() } finally { self.end_span() }
    }
    fn get_statistics(self) -> map<string, any> {
        """slowest_spans: ten pairs (name, microseconds), the slowest first; event_counts; total_time_us of the outermost spans."""
        let slowest = sorted(self.finished, key = fn(span) { return -span.duration_us })[:10]
        return {
            slowest_spans: [(span.name, span.duration_us) for span in slowest],
            event_counts: copy(self.event_counts),
            total_time_us: sum(
                [span.duration_us for span in self.finished if span.depth == 0],
                0.0,
            ),
        }
    }
    fn clear(self) {
        self.open.clear()
        self.finished.clear()
        self.event_counts.clear()
    }
}

class Symbol {
    """A name of the guest's code or data."""
    name: string
    type: string = "function" """function, data or another word of the author's."""
    module: string = ""
    address: int = 0
    size: int = 0 """0: up to the next symbol."""
}

class DebugSymbolManager {
    """The guest's symbols by address and by name, and a tracer."""
    vm: any = null
    tracer: PerformanceTracer? = null
    symbols: array<Symbol> = []
    by_name: map<string, Symbol> = {}
    modules: map<string, int> = {}
    in_order: bool = true

    fn init(self, vm = null) {
        self.vm = vm
        self.tracer = PerformanceTracer()
    }
    fn load_symbols_from_file(self, path: string) {
        __capability("reader of debug symbols from files")
    }
    fn register_module(self, name: string, base: int) {
        """Symbols that are registered for this module from now on count from `base`."""
        self.modules[name] = base
    }
    fn register_symbol(
        self,
        address: int,
        name: string,
        type: string = "function",
        module: string = "",
        size: int = 0,
    ) -> Symbol {
        let symbol = Symbol(name, type, module, address + self.modules.get(module, 0), size)
        self.symbols.push(symbol)
        self.by_name[name] = symbol
        self.in_order = false
        return symbol
    }
    fn lookup_address(self, address: int) -> map<string, any>? {
        """The symbol that covers an address, with the offset in it; null where none does."""
        let found = self._covering(address)
        if found == null { return null }
        return {
            name: found.name,
            type: found.type,
            module: found.module,
            address: found.address,
            offset: address - found.address,
        }
    }
    fn lookup_name(self, name: string) -> Symbol? { return self.by_name.get(name) }
    fn symbolize(self, addresses: array<int>) -> array<map<string, any>> {
        """Addresses of a stack as {symbol, address, offset}; symbol is null where none covers the address."""
        return [self._place(address) for address in addresses]
    }
    fn _place(self, address: int) -> map<string, any> {
        let found = self._covering(address)
        if found == null { return {symbol: null, address: address, offset: 0} }
        return {symbol: found.name, address: found.address, offset: address - found.address}
    }
    fn get_stack_trace(self, vcpu_id: int) -> array<map<string, any>> {
        __capability("access to a guest's stack from scripts")
    }

    fn _covering(self, address: int) -> Symbol? {
        if !self.in_order {
            self.symbols.sort(key = fn(symbol) { return symbol.address })
            self.in_order = true
        }
        let mut low = 0
        let mut high = len(self.symbols)
        while low < high {  # the first symbol behind the address
            let middle = (low + high) // 2
            if self.symbols[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        if low == 0 { return null }
        let symbol = self.symbols[low - 1]
        if symbol.size != 0 && address >= symbol.address + symbol.size { return null }
        return symbol
    }
}

class BreakpointManager {
    """Places at which a guest would stop."""
    vm: any = null
    breakpoints: map<int, map<string, any>> = {}

    fn init(self, vm = null) { self.vm = vm }
    fn add_breakpoint(self, address: int, condition: BreakCondition? = null) {
        if self.vm != null { self.vm.need("breakpoints") }
        self.breakpoints[address] = {hits: 0, enabled: true, condition: condition}
    }
    fn remove_breakpoint(self, address: int) -> bool { return self.breakpoints.remove(address) }
    fn set_enabled(self, address: int, enabled: bool) {
        self.breakpoints[address].enabled = enabled
    }
    fn should_break(self, address: int, context = null) -> bool {
        """Whether a stop at that address counts; counts the hit."""
        let found = self.breakpoints.get(address)
        if found == null || !found.enabled { return false }
        if found.condition != null && !found.condition(context) { return false }
        found.hits += 1
        return true
    }
    fn list(self) -> array<int> { return sorted(self.breakpoints.keys()) }
}
