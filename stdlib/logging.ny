"""Logging: levels, components, a bounded buffer, and outputs that a script chooses."""

const LOG_LEVEL_TRACE = 0
const LOG_LEVEL_DEBUG = 1
const LOG_LEVEL_INFO = 2
const LOG_LEVEL_WARN = 3
const LOG_LEVEL_ERROR = 4
const LOG_LEVEL_FATAL = 5
const LOG_LEVEL_NAMES = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
const LOG_BUFFER_ENTRIES = 10_000

fn level_name(level: int) -> string {
    """`"INFO"` of LOG_LEVEL_INFO."""
    assert level >= 0 && level < len(LOG_LEVEL_NAMES),
        "a log level is one of the LOG_LEVEL constants"
    return LOG_LEVEL_NAMES[level]
}

class LogEntry {
    """One line of a log."""
    timestamp: float """Seconds since 1970; 0 in the build stage, which has no clock."""
    level: int """One of the LOG_LEVEL constants."""
    component: string """Who says it."""
    message: string

    fn text(self) -> string {
        return "[${level_name(self.level)}][${self.component}] ${self.message}"
    }
}

class Logger {
    """Takes what is at or above its level (or its component's), keeps the last 10,000 entries and hands each to its outputs."""
    name: string
    parent: Logger? = null """Takes what this one takes, too."""
    level: int = LOG_LEVEL_INFO
    components: map<string, int> = {} """Levels of components that have their own."""
    outputs: array<fn(string, string, string)> = []
    filters: array<fn(LogEntry) -> bool> = []
    buffer: array<LogEntry> = []
    capacity: int = LOG_BUFFER_ENTRIES
    oldest: int = 0
    dropped: int = 0 """Entries that newer ones have replaced."""

    fn init(
        self,
        name: string = "nyx",
        parent: Logger? = null,
        capacity: int = LOG_BUFFER_ENTRIES,
    ) {
        self.name = name
        self.parent = parent
        self.capacity = capacity
    }

    # ---- What is taken
    fn set_level(self, level: int) {
        """The lowest level that is taken, for components without one of their own."""
        level_name(level)
        self.level = level
    }
    fn get_level(self) -> int { return self.level }
    fn register_component(self, component: string, level: int = LOG_LEVEL_INFO) {
        """A level of its own for what this component says."""
        level_name(level)
        self.components[component] = level
    }
    fn register_output(self, output: fn(string, string, string)) {
        """Calls output(level, component, message) for each entry; the level by its name."""
        self.outputs.push(output)
    }
    fn clear_outputs(self) { self.outputs.clear() }
    fn register_filter(self, filter: fn(LogEntry) -> bool) {
        """An entry is taken only if all filters agree."""
        self.filters.push(filter)
    }
    fn is_enabled(self, level: int, component: string = "") -> bool {
        return level >= self.components.get(component, self.level)
    }

    # ---- Saying something
    fn log(self, level: int, component: string, message) {
        if !self.is_enabled(level, component) { return }
        let entry = LogEntry(__clock() / 1e9, level, component, str(message))
        if !all(self.filters, fn(filter) { return filter(entry) }) { return }
        self._take(entry)
    }
    fn trace(self, component: string, message) { self.log(LOG_LEVEL_TRACE, component, message) }
    fn debug(self, component: string, message) { self.log(LOG_LEVEL_DEBUG, component, message) }
    fn info(self, component: string, message) { self.log(LOG_LEVEL_INFO, component, message) }
    fn warn(self, component: string, message) { self.log(LOG_LEVEL_WARN, component, message) }
    fn error(self, component: string, message) { self.log(LOG_LEVEL_ERROR, component, message) }
    fn fatal(self, component: string, message) { self.log(LOG_LEVEL_FATAL, component, message) }

    fn _take(self, entry: LogEntry) {
        if len(self.buffer) < self.capacity {
            self.buffer.push(entry)
        } else {
            self.buffer[self.oldest] = entry
            self.oldest = (self.oldest + 1) % self.capacity
            self.dropped += 1
        }
        for output in self.outputs {
            output(level_name(entry.level), entry.component, entry.message)
        }
        if self.parent != null { self.parent._take(entry) }
    }

    # ---- Reading it
    fn entries(self) -> array<LogEntry> {
        """What the buffer holds, the oldest first."""
        return self.buffer[self.oldest:].extend(self.buffer[:self.oldest])
    }
    fn count(self) -> int { return len(self.buffer) }
    fn clear(self) {
        self.buffer.clear()
        self.oldest = 0
    }
    fn dump_buffer(self) -> int {
        """Prints all that the buffer holds; gives the number of lines."""
        return self._dump(self.entries())
    }
    fn dump_component(self, component: string) -> int {
        """Prints what one component said."""
        return self._dump([entry for entry in self.entries() if entry.component == component])
    }
    fn dump_since(self, timestamp: float) -> int {
        """Prints what was said at that Unix time or later."""
        return self._dump([entry for entry in self.entries() if entry.timestamp >= timestamp])
    }
    fn dump_level(self, level: int) -> int {
        """Prints what has that level or a higher one."""
        return self._dump([entry for entry in self.entries() if entry.level >= level])
    }
    fn _dump(self, chosen) -> int {
        for entry in chosen { print(entry.text()) }
        return len(chosen)
    }
}

"""The log that holds what the logs of all machines take."""
const logger = Logger("nyx")

fn get_logger(name: string) -> Logger {
    """A log of its own whose entries `logger` takes as well."""
    return Logger(name, logger)
}
