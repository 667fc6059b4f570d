"""What every compilation reads first: the declarations from which machines are checked."""
import std.machine
import std.host
import std.events
import std.boot
import std.backend
import std.cpu
import std.cpuid
import std.devices.serial
import std.devices.debugcon
import std.devices.i8042
import std.devices.rtc
import std.devices.acpi_pm
import std.devices.exit
import std.devices.pvpanic
import std.boards.pc
import std.boards.none
