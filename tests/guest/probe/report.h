// Lines on COM1 for a person and for a test: "probe: memory 0x0-0x9fc00 usable", "probe: check ram-writable ok",
// "probe: done 20 checks, 0 failed". Only report.cc knows the port.
#pragma once

#include <stdint.h>

namespace probe {

struct Hex {
    uint64_t value;
};

void print(const char* text);
void print(uint64_t value);  // decimal
void print(Hex value);       // 0x…
// `size` characters, those that are not printable as '.'.
void print_raw(const char* text, uint64_t size);

template <class... Parts>
void line(Parts... parts) {
    print("probe: ");
    (print(parts), ...);
    print("\r\n");
}

// Counts and prints one check, with details if there are any.
void begin_check(const char* name, bool ok);
template <class... Parts>
void check(const char* name, bool ok, Parts... details) {
    begin_check(name, ok);
    if constexpr (sizeof...(details) > 0) print(" ");
    (print(details), ...);
    print("\r\n");
}

uint32_t checks_done();
uint32_t checks_failed();

}  // namespace probe
