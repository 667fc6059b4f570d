// Starts every other processor of the MADT by INIT and SIPI (Intel SDM volume 3 §8.4.4.1), one after the other.
#include "cpu.h"
#include "probe.h"
#include "report.h"

extern "C" const char trampoline_begin[], trampoline_end[];

namespace probe {
namespace {

constexpr uint64_t kTrampoline = 0x70000;  // as in entry.S; the SIPI vector is its page
constexpr uint32_t kInit = 0x4500;         // INIT, assert
constexpr uint32_t kStartUp = 0x4600;

volatile uint8_t online[256];

void send(uint8_t apic_id, uint32_t command) {
    store<uint32_t>(kApicIcrHigh, uint32_t{apic_id} << 24);
    store<uint32_t>(kApicIcrLow, command);
    for (int tries = 0; tries < 10000 && (load<uint32_t>(kApicIcrLow) & 1U << 12) != 0; ++tries) {
    }
}

bool start(uint8_t apic_id) {
    send(apic_id, kInit);
    wait(10);
    for (int sipi = 0; sipi < 2; ++sipi) {
        send(apic_id, kStartUp | kTrampoline >> 12);
        for (Patience patience(sipi == 0 ? 200 : 5000); online[apic_id] == 0 && patience.left();) {
        }
        if (online[apic_id] != 0) return true;
    }
    return false;
}

}  // namespace

void report_processors() {
    for (uint64_t i = 0; trampoline_begin + i < trampoline_end; ++i) store<char>(kTrampoline + i, trampoline_begin[i]);
    const auto self = static_cast<uint8_t>(load<uint32_t>(kApicId) >> 24);
    uint64_t count = 1;
    line("cpu apic-id ", uint64_t{self}, " boot");
    for (uint32_t i = 0; i < acpi.cpu_count && i < sizeof acpi.apic_ids; ++i) {
        const uint8_t id = acpi.apic_ids[i];
        if (id == self) continue;
        const bool came = start(id);
        count += came ? 1 : 0;
        line("cpu apic-id ", uint64_t{id}, came ? " online" : " absent");
    }
    line("cpus online ", count);
    if (acpi.cpu_count > 0) check("cpus-online", count == acpi.cpu_count);
}

}  // namespace probe

extern "C" void ap_main() {
    probe::online[probe::load<uint32_t>(probe::kApicId) >> 24] = 1;
}
