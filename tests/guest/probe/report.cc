#include "report.h"

#include "cpu.h"

namespace probe {
namespace {

constexpr uint16_t kCom1 = 0x3F8;
constexpr uint16_t kLsr = kCom1 + 5;
constexpr uint8_t kThre = 0x20;

uint32_t done = 0;
uint32_t failed = 0;

void put(char c) {
    for (int tries = 0; tries < 10000 && (inb(kLsr) & kThre) == 0; ++tries) {
    }
    outb(kCom1, static_cast<uint8_t>(c));
}

}  // namespace

void print(const char* text) {
    while (*text != 0) put(*text++);
}

void print(uint64_t value) {
    char digits[21];
    int at = 20;
    digits[20] = 0;
    do {
        digits[--at] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    print(digits + at);
}

void print(Hex hex) {
    char digits[17];
    int at = 16;
    digits[16] = 0;
    do {
        digits[--at] = "0123456789abcdef"[hex.value & 15];
        hex.value >>= 4;
    } while (hex.value != 0);
    print("0x");
    print(digits + at);
}

void print_raw(const char* text, uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) put(text[i] >= ' ' && text[i] <= '~' ? text[i] : '.');
}

void begin_check(const char* name, bool ok) {
    ++done;
    if (!ok) ++failed;
    print("probe: check ");
    print(name);
    print(ok ? " ok" : " FAILED");
}

uint32_t checks_done() {
    return done;
}
uint32_t checks_failed() {
    return failed;
}

}  // namespace probe
