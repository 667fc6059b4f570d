"""ACPI power management as state machines: sleep states, thermal zones, buttons, batteries (ACPI 6.5, sections 7 and 11).

They compute; this build connects none of them to a running guest. Machines have the power button of `acpi_pm` (`nyx powerdown`)."""

const ACPI_S0 = "S0"
const ACPI_S1 = "S1"
const ACPI_S3 = "S3"
const ACPI_S4 = "S4"
const ACPI_S5 = "S5"
const ACPI_SLEEP_STATES = [ACPI_S0, ACPI_S1, ACPI_S3, ACPI_S4, ACPI_S5]
const ACPI_RESUME_SECONDS = {"S0": 0.0, "S1": 0.1, "S3": 1.0, "S4": 10.0}
const ACPI_POWER_PERCENT = {"S0": 100.0, "S1": 90.0, "S3": 5.0, "S4": 0.0, "S5": 0.1}

const ACPI_C0 = "C0"
const ACPI_C1 = "C1"
const ACPI_C2 = "C2"
const ACPI_C3 = "C3"

const THERMAL_NORMAL = "NORMAL"
const THERMAL_PASSIVE = "PASSIVE"
const THERMAL_CRITICAL = "CRITICAL"

const EVENT_POWER_BUTTON = "power_button"
const EVENT_SLEEP_BUTTON = "sleep_button"
const EVENT_LID = "lid"
const EVENT_THERMAL = "thermal"
const EVENT_BATTERY = "battery"
const EVENT_SLEEP = "sleep"

class ACPIPowerStateManager {
    """S0 to S5: which is left for which, and what it takes to come back."""
    state: string = ACPI_S0
    c_states: map<int, string> = {}
    callbacks: array<fn(string, string)> = []

    fn on_transition(self, callback: fn(string, string)) {
        """Called with (from, to)."""
        self.callbacks.push(callback)
    }
    fn can_enter(self, state: string) -> bool {
        if !(state in ACPI_SLEEP_STATES) { return false }
        # All sleep begins in S0; from sleep the way back is S0, or off
        if self.state == ACPI_S0 { return state != ACPI_S0 }
        return state == ACPI_S0 || (state == ACPI_S5 && self.state != ACPI_S5)
    }
    fn enter(self, state: string) {
        """Throws where that cannot be done from here."""
        if !(state in ACPI_SLEEP_STATES) { throw "ACPI has no state ${state} here" }
        if !self.can_enter(state) { throw "a machine does not go from ${self.state} to ${state}" }
        let before = self.state
        self.state = state
        for callback in self.callbacks { callback(before, state) }
    }
    fn sleep(self) { self.enter(ACPI_S3) }
    fn hibernate(self) { self.enter(ACPI_S4) }
    fn shutdown(self) { self.enter(ACPI_S5) }
    fn wake(self) -> float {
        """Back to S0; gives the seconds that it takes."""
        if self.state == ACPI_S5 { throw "off is left by a cold start" }
        let seconds = ACPI_RESUME_SECONDS[self.state]
        self.enter(ACPI_S0)
        return seconds
    }
    fn power_percent(self) -> float { return ACPI_POWER_PERCENT[self.state] }
    fn set_c_state(self, vcpu_id: int, state: string) {
        if !(state in [ACPI_C0, ACPI_C1, ACPI_C2, ACPI_C3]) { throw "there is no C-state ${state}" }
        self.c_states[vcpu_id] = state
    }
    fn get_c_state(self, vcpu_id: int) -> string { return self.c_states.get(vcpu_id, ACPI_C0) }
}

class ACPIThermalZone {
    """A temperature, and what is done about it: slower from the passive limit on, off at the critical one."""
    name: string = "THRM"
    passive_celsius: float = 70.0
    critical_celsius: float = 100.0
    celsius: float = 40.0
    state: string = THERMAL_NORMAL
    callbacks: array<fn(string, float)> = []

    fn init(
        self,
        name: string = "THRM",
        passive_celsius: float = 70.0,
        critical_celsius: float = 100.0,
    ) {
        assert passive_celsius < critical_celsius, "the passive limit lies below the critical one"
        self.name = name
        self.passive_celsius = passive_celsius
        self.critical_celsius = critical_celsius
    }
    fn on_change(self, callback: fn(string, float)) { self.callbacks.push(callback) }
    fn set_temperature(self, celsius: float) -> string {
        """Gives the state; a zone leaves the passive state 5 degrees below its limit."""
        self.celsius = celsius
        let mut state = THERMAL_NORMAL
        if celsius >= self.critical_celsius {
            state = THERMAL_CRITICAL
        } else if celsius >= self.passive_celsius ||
                (self.state != THERMAL_NORMAL && celsius > self.passive_celsius - 5) {
            state = THERMAL_PASSIVE
        }
        if state != self.state {
            self.state = state
            for callback in self.callbacks { callback(state, celsius) }
        }
        return state
    }
    fn decikelvin(self) -> int {
        """As _TMP gives it: tenths of a kelvin."""
        return round(self.celsius * 10 + 2731.5)
    }
    fn frequency_percent(self) -> int {
        """Passive cooling: from 100 at the passive limit down to 50 at the critical one."""
        if self.state == THERMAL_NORMAL { return 100 }
        let part = (self.celsius - self.passive_celsius) /
            (self.critical_celsius - self.passive_celsius)
        return int(100 - 50 * clamp(part, 0.0, 1.0))
    }
}

class ACPIButtonDevice {
    """A button or lid: counts, and tells whoever asked."""
    kind: string = EVENT_POWER_BUTTON
    presses: int = 0
    callbacks: array<fn(string)> = []

    fn init(self, kind: string = EVENT_POWER_BUTTON) { self.kind = kind }
    fn on_press(self, callback: fn(string)) { self.callbacks.push(callback) }
    fn press(self) {
        self.presses += 1
        for callback in self.callbacks { callback(self.kind) }
    }
}

class ACPIBatteryDevice {
    """A battery: what _BIF and _BST say."""
    design_mwh: int = 50_000
    remaining_mwh: int = 50_000
    rate_mw: int = 0 """Above 0: it charges; below: it is used up."""

    fn percent(self) -> int { return self.remaining_mwh * 100 // self.design_mwh }
    fn set_rate(self, milliwatts: int) { self.rate_mw = milliwatts }
    fn tick(self, seconds: int) {
        """So much time passes."""
        self.remaining_mwh = clamp(
            self.remaining_mwh + self.rate_mw * seconds // 3600,
            0,
            self.design_mwh,
        )
    }
    fn state(self) -> int {
        """_BST: bit 0 discharging, bit 1 charging, bit 2 critical."""
        let mut bits = 0
        if self.rate_mw < 0 { bits |= 1 }
        if self.rate_mw > 0 && self.remaining_mwh < self.design_mwh { bits |= 2 }
        if self.percent() <= 5 { bits |= 4 }
        return bits
    }
    fn minutes_left(self) -> int? {
        if self.rate_mw >= 0 { return null }
        return self.remaining_mwh * 60 // -self.rate_mw
    }
}

class ACPIAdvancedEventManager {
    """Events in the order in which they arose, and who wants to know of them."""
    handlers: map<string, array<fn(string, any)>> = {}
    pending: array<tuple> = []

    fn register(self, event: string, handler: fn(string, any)) {
        """handler(event, data)"""
        if !self.handlers.has(event) { self.handlers[event] = [] }
        self.handlers[event].push(handler)
    }
    fn post(self, event: string, data = null) { self.pending.push((event, data)) }
    fn watch_button(self, button: ACPIButtonDevice) {
        button.on_press(fn(kind) { self.post(kind) })
    }
    fn watch_zone(self, zone: ACPIThermalZone) {
        zone.on_change(fn(state, celsius) { self.post(EVENT_THERMAL, (zone.name, state, celsius)) })
    }
    fn dispatch(self) -> int {
        """Calls the handlers of everything that waits; gives the number of events."""
        let mut count = 0
        while len(self.pending) > 0 {
            let event = self.pending.pop(0)
            for handler in self.handlers.get(event[0], []) { handler(event[0], event[1]) }
            count += 1
        }
        return count
    }
}
