// Fixed ACPI description table, revision 6 (ACPI 6.5 §5.2.9): the ports of the acpi_pm device, and which legacy parts
// exist.
#include "compiler/acpi/power.h"
#include "compiler/acpi/tables.h"

namespace nyx::acpi {
namespace {

constexpr std::uint8_t kMinorVersion = 3;
constexpr std::uint16_t kNoC2 = 101;   // a latency above 100 us says that there is no such state
constexpr std::uint16_t kNoC3 = 1001;  // above 1,000 us

enum FixedFlags : std::uint32_t {  // Table 5.10
    kWbinvd = 1 << 0,
    kProcC1 = 1 << 2,
    kNoFixedSleepButton = 1 << 5,
    kNoRtcWakeStatus = 1 << 6,
    kTimerIs32Bits = 1 << 8,
    kResetRegister = 1 << 10,
    kHeadless = 1 << 12,
    kHardwareReduced = 1 << 20,
};

enum BootArchitecture : std::uint16_t {  // Table 5.11; no 8042: ours has no keyboard, it only resets
    kLegacyDevices = 1 << 0,
    kNoVga = 1 << 2,
    kNoAspm = 1 << 4,
    kNoCmosRtc = 1 << 5,
};

std::uint32_t fixed_flags(const plan::MachinePlan& plan, const PowerPorts& power) {
    if (is_hardware_reduced(plan)) return kWbinvd | kProcC1 | kResetRegister | kHeadless | kHardwareReduced;
    std::uint32_t flags = kWbinvd | kProcC1 | kNoFixedSleepButton | kNoRtcWakeStatus | kResetRegister | kHeadless;
    return power.timer_is_32_bits ? flags | kTimerIs32Bits : flags;
}

std::uint16_t boot_architecture(const plan::MachinePlan& plan) {
    std::uint16_t flags = kNoVga | kNoAspm;
    if (console_serial(plan) != nullptr) flags |= kLegacyDevices;
    if (plan.find_type("rtc") == nullptr) flags |= kNoCmosRtc;
    return flags;
}

// From SCI_INT up to the block lengths: the fields that ACPI 1.0 had.
void write_32bit_blocks(ByteWriter& out, const plan::MachinePlan& plan, const PowerPorts& power) {
    out.write(static_cast<std::uint16_t>(plan.sci_gsi));
    out.zeros(4);  // SMI_CMD: always in ACPI mode
    out.zeros(4);  // ACPI_ENABLE, ACPI_DISABLE, S4BIOS_REQ, PSTATE_CNT
    out.write(static_cast<std::uint32_t>(power.event.base));
    out.zeros(4);  // PM1b events
    out.write(static_cast<std::uint32_t>(power.control.base));
    out.zeros(4);  // PM1b control
    out.zeros(4);  // PM2 control
    out.write(static_cast<std::uint32_t>(power.timer.base));
    out.zeros(8);  // GPE0, GPE1
    out.write(static_cast<std::uint8_t>(power.event.size));
    out.write(static_cast<std::uint8_t>(power.control.size));
    out.zeros(1);  // PM2 control
    out.write(static_cast<std::uint8_t>(power.timer.size));
    out.zeros(4);  // GPE0, GPE1, GPE1_BASE, CST_CNT
}

void write_64bit_blocks(ByteWriter& out, const PowerPorts& power, const SleepRegisters& sleep) {
    write_port_address(out, power.event, 2);
    write_port_address(out, {}, 0);  // PM1b events
    write_port_address(out, power.control, 2);
    write_port_address(out, {}, 0);  // PM1b control
    write_port_address(out, {}, 0);  // PM2 control
    write_port_address(out, power.timer, 4);
    write_port_address(out, {}, 0);  // GPE0
    write_port_address(out, {}, 0);  // GPE1
    write_memory_address(out, sleep.control, 1);
    write_memory_address(out, sleep.status, 1);
}

void write_reset(ByteWriter& out, const PowerPorts& power, const SleepRegisters& sleep) {
    if (sleep.reset != 0) {
        write_memory_address(out, sleep.reset, 1);
        out.write(kReducedResetValue);
    } else {
        write_port_address(out, power.reset, 1);
        out.write(kResetValue);
    }
}

}  // namespace

Bytes build_fadt(const Subject& subject, const PlacedTables& placed) {
    const plan::MachinePlan& plan = subject.plan;
    PowerPorts power = power_ports(plan);
    std::uint64_t facs = address_of(placed, "FACS");
    std::uint64_t dsdt = address_of(placed, "DSDT");
    ByteWriter body;
    body.write(static_cast<std::uint32_t>(facs));
    body.write(static_cast<std::uint32_t>(dsdt));
    body.zeros(1);
    body.write(std::uint8_t{0});  // preferred profile: unspecified
    write_32bit_blocks(body, plan, power);
    body.write(kNoC2);
    body.write(kNoC3);
    body.zeros(6);  // FLUSH_SIZE, FLUSH_STRIDE (WBINVD works), DUTY_OFFSET, DUTY_WIDTH
    body.zeros(2);  // DAY_ALRM, MON_ALRM
    body.write(plan.find_type("rtc") == nullptr ? std::uint8_t{0} : kCmosCentury);
    body.write(boot_architecture(plan));
    body.zeros(1);
    body.write(fixed_flags(plan, power));
    const SleepRegisters sleep = sleep_registers(plan);
    write_reset(body, power, sleep);
    body.zeros(2);  // ARM boot flags
    body.write(kMinorVersion);
    body.write(std::uint64_t{0});  // X_FIRMWARE_CTRL: the 32-bit field says it, and only one may
    body.write(dsdt);
    write_64bit_blocks(body, power, sleep);
    body.write(std::string_view("NyxVMM\0\0", 8));  // hypervisor vendor identity
    return seal_table("FACP", 6, body.bytes());
}

}  // namespace nyx::acpi
