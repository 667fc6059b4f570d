"""What goes wrong in a guest, and what is done about it."""

# Exceptions of x86 processors by vector (Intel SDM volume 3, table 6-1)
const EXCEPTION_DIVIDE_BY_ZERO = 0
const EXCEPTION_DEBUG = 1
const EXCEPTION_NMI = 2
const EXCEPTION_BREAKPOINT = 3
const EXCEPTION_OVERFLOW = 4
const EXCEPTION_BOUND_RANGE = 5
const EXCEPTION_INVALID_OPCODE = 6
const EXCEPTION_DEVICE_NOT_AVAILABLE = 7
const EXCEPTION_DOUBLE_FAULT = 8
const EXCEPTION_COPROC_SEGMENT_OVRUN = 9
const EXCEPTION_INVALID_TSS = 10
const EXCEPTION_SEGMENT_NOT_PRESENT = 11
const EXCEPTION_STACK_SEGMENT = 12
const EXCEPTION_GENERAL_PROTECTION = 13
const EXCEPTION_PAGE_FAULT = 14
const EXCEPTION_FLOATING_POINT = 16
const EXCEPTION_ALIGNMENT_CHECK = 17
const EXCEPTION_MACHINE_CHECK = 18
const EXCEPTION_SIMD = 19

const EXCEPTION_NAMES = {
    0: "divide by zero",
    1: "debug",
    2: "NMI",
    3: "breakpoint",
    4: "overflow",
    5: "bound range",
    6: "invalid opcode",
    7: "device not available",
    8: "double fault",
    9: "coprocessor segment overrun",
    10: "invalid TSS",
    11: "segment not present",
    12: "stack segment",
    13: "general protection",
    14: "page fault",
    16: "floating point",
    17: "alignment check",
    18: "machine check",
    19: "SIMD",
}

# What a handler may answer
const RECOVERY_IGNORE = "ignore"
const RECOVERY_CONTINUE = "continue"
const RECOVERY_RESET_DEVICE = "reset_device"
const RECOVERY_RESET_VCPU = "reset_vcpu"
const RECOVERY_HARD_RESET = "hard_reset"
const RECOVERY_PAUSE_VM = "pause_vm"
const RECOVERY_SNAPSHOT_RESTORE = "snapshot_restore"
const RECOVERY_ISOLATE_DEVICE = "isolate_device"
const RECOVERY_SHUTDOWN = "shutdown"
const RECOVERY_STRATEGIES = [
    RECOVERY_IGNORE, RECOVERY_CONTINUE, RECOVERY_RESET_DEVICE, RECOVERY_RESET_VCPU,
    RECOVERY_HARD_RESET, RECOVERY_PAUSE_VM, RECOVERY_SNAPSHOT_RESTORE, RECOVERY_ISOLATE_DEVICE,
    RECOVERY_SHUTDOWN
]

typealias RecoveryStrategy = string
typealias StuckHandler = fn(int) -> bool
const HISTORY_ENTRIES = 1024

fn exception_name(exception: int) -> string {
    return EXCEPTION_NAMES.get(exception, "exception ${exception}")
}
fn has_error_code(exception: int) -> bool {
    """Whether the processor pushes an error code (table 6-1)."""
    return exception in [8, 10, 11, 12, 13, 14, 17]
}

class ErrorContext {
    """What is known about an exception in a guest."""
    exception_type: int = 0
    guest_rip: int = 0
    guest_cr3: int = 0
    guest_state: map<string, int> = {} """Registers by name."""
    error_code: int? = null
    retry_count: int = 0
    vcpu_id: int = 0
    device: string? = null

    fn text(self) -> string {
        let code = if_known(self.error_code)
        return "${exception_name(self.exception_type)} at ${hex(self.guest_rip)}${code}"
    }
}
fn if_known(code: int?) -> string {
    if code == null { return "" }
    return " (error code ${hex(code)})"
}

class HandledException {
    """What happened, and what was done."""
    context: ErrorContext
    strategy: string
}

class ExceptionHandler {
    """Handlers by type of exception, the strategies of those without one, and the last 1,024 exceptions."""
    vm: any = null
    enabled: bool = false
    handlers: map<int, fn(ErrorContext) -> RecoveryStrategy> = {}
    strategies: map<int, string> = {}
    appliers: map<string, fn(ErrorContext)> = {}
    callbacks: array<fn(ErrorContext, string)> = []
    history: array<HandledException> = []
    max_retries: int = 3
    watchdog: WatchdogTimer? = null
    isolation: FaultIsolation? = null
    validation_errors: array<string> = []

    fn init(self, vm = null) {
        self.vm = vm
        self.watchdog = WatchdogTimer(vm)
        self.isolation = FaultIsolation()
        for exception in EXCEPTION_NAMES { self.strategies[exception] = RECOVERY_PAUSE_VM }
        self.strategies[EXCEPTION_DEBUG] = RECOVERY_IGNORE
        self.strategies[EXCEPTION_BREAKPOINT] = RECOVERY_IGNORE
        self.strategies[EXCEPTION_DOUBLE_FAULT] = RECOVERY_HARD_RESET
        self.strategies[EXCEPTION_MACHINE_CHECK] = RECOVERY_SHUTDOWN
    }
    fn register_exception_handler(
        self,
        exception_type: int,
        handler: fn(ErrorContext) -> RecoveryStrategy,
    ) {
        """handler(context) answers with one of the RECOVERY constants."""
        if !EXCEPTION_NAMES.has(exception_type) { throw "there is no exception ${exception_type}" }
        if self.vm != null { self.vm.need("handlers of guest exceptions") }
        self.handlers[exception_type] = handler
    }
    fn set_recovery_strategy(self, exception_type: int, strategy: RecoveryStrategy) {
        """What is done about an exception without a handler."""
        self._check(strategy)
        if self.vm != null { self.vm.need("handlers of guest exceptions") }
        self.strategies[exception_type] = strategy
    }
    fn register_recovery(self, strategy: RecoveryStrategy, action: fn(ErrorContext)) {
        """What a strategy does here."""
        self._check(strategy)
        self.appliers[strategy] = action
    }
    fn register_callback(self, callback: fn(ErrorContext, string)) {
        """Called with (context, strategy) after every exception."""
        self.callbacks.push(callback)
    }
    fn strategy_for(self, context: ErrorContext) -> RecoveryStrategy {
        """The handler's answer, or the default; a handler that was asked too often about one exception is overruled by a pause."""
        if context.retry_count > self.max_retries { return RECOVERY_PAUSE_VM }
        let handler = self.handlers.get(context.exception_type)
        if handler == null { return self.strategies.get(context.exception_type, RECOVERY_PAUSE_VM) }
        let answer = handler(context)
        self._check(answer)
        return answer
    }
    fn handle_exception(self, type: int, context: ErrorContext) -> bool {
        """Decides, applies and records; true if a recovery was applied."""
        context.exception_type = type
        let strategy = self.strategy_for(context)
        self.history.push(HandledException(context, strategy))
        if len(self.history) > HISTORY_ENTRIES { self.history.pop(0) }
        if strategy == RECOVERY_ISOLATE_DEVICE && context.device != null {
            self.isolation.isolate(context.device)
        }
        let action = self.appliers.get(strategy)
        if action != null { action(context) }
        for callback in self.callbacks { callback(context, strategy) }
        return action != null ||
            strategy in [RECOVERY_IGNORE, RECOVERY_CONTINUE, RECOVERY_ISOLATE_DEVICE]
    }
    fn get_history(self) -> array<HandledException> { return copy(self.history) }
    fn backoff_ms(self, retry_count: int) -> int {
        """How long to wait before that retry: 1, 2, 4 … up to 1,024 ms."""
        return 1 << clamp(retry_count, 0, 10)
    }
    fn _check(self, strategy) {
        if !(strategy in RECOVERY_STRATEGIES) {
            throw "a recovery strategy is one of the RECOVERY constants, not ${strategy}"
        }
    }
}

class WatchdogTimer {
    """Says when a vCPU has not been heard of for too long."""
    vm: any = null
    timeout_ms: int? = null
    callback: StuckHandler? = null
    last_seen: map<int, int> = {}
    fired: int = 0

    fn init(self, vm = null) { self.vm = vm }
    fn set_timeout(self, milliseconds: int) {
        assert milliseconds > 0, "a timeout is longer than 0 ms"
        if self.vm != null { self.vm.need("watchdog timers") }
        self.timeout_ms = milliseconds
    }
    fn set_timeout_callback(self, callback: fn(int) -> bool) {
        """callback(vcpu_id) answers whether the vCPU may go on."""
        if self.vm != null { self.vm.need("watchdog timers") }
        self.callback = callback
    }
    fn pet(self, vcpu_id: int, now_ms: int) {
        """That vCPU is alive."""
        self.last_seen[vcpu_id] = now_ms
    }
    fn check(self, now_ms: int) -> array<int> {
        """The vCPUs that are stuck and whose callback does not let them go on."""
        if self.timeout_ms == null { return [] }
        let stuck = []
        for vcpu_id, seen in self.last_seen {
            if now_ms - seen <= self.timeout_ms { continue }
            self.fired += 1
            if self.callback == null || !self.callback(vcpu_id) { stuck.push(vcpu_id) }
        }
        return stuck
    }
}

class StateValidator {
    """Checks of a vCPU's registers (Intel SDM volume 3, section 26.3.1.1)."""
    rules: array<tuple> = []

    fn init(self) {
        self.add_rule("CR0.PG needs CR0.PE", fn(r) {
            return (r.get("cr0", 0) >> 31 & 1) == 0 || (r.get("cr0", 0) & 1) == 1
        })
        self.add_rule("CR0.NW needs CR0.CD", fn(r) {
            return (r.get("cr0", 0) >> 29 & 1) == 0 || (r.get("cr0", 0) >> 30 & 1) == 1
        })
        self.add_rule("EFER.LMA needs paging", fn(r) {
            return (r.get("efer", 0) >> 10 & 1) == 0 || (r.get("cr0", 0) >> 31 & 1) == 1
        })
        self.add_rule("long mode needs CR4.PAE", fn(r) {
            return (r.get("efer", 0) >> 10 & 1) == 0 || (r.get("cr4", 0) >> 5 & 1) == 1
        })
        self.add_rule("bit 1 of RFLAGS is 1", fn(r) { return (r.get("rflags", 2) >> 1 & 1) == 1 })
    }
    fn add_rule(self, name: string, holds: fn(map<string, int>) -> bool) {
        self.rules.push((name, holds))
    }
    fn validate(self, registers: map<string, int>) -> array<string> {
        """The rules that these registers break."""
        return [rule[0] for rule in self.rules if !rule[1](registers)]
    }
}

class FaultIsolation {
    """Devices that are kept from the rest."""
    isolated: map<string, int> = {} """How often each was isolated."""

    fn isolate(self, device: string) { self.isolated[device] = self.isolated.get(device, 0) + 1 }
    fn release(self, device: string) -> bool { return self.isolated.remove(device) }
    fn is_isolated(self, device: string) -> bool { return self.isolated.has(device) }
}
