#include "runtime/soft/exec/x87/save.h"

#include <algorithm>

#include "runtime/soft/exec/vector/mxcsr.h"
#include "runtime/soft/exec/x87/environment.h"

namespace nyx::soft {
namespace {

template <class T>
void put(std::span<std::uint8_t> area, std::size_t at, T value) {
    std::memcpy(&area[at], &value, sizeof(T));
}
template <class T>
T at(std::span<const std::uint8_t> area, std::size_t offset) {
    T value;
    std::memcpy(&value, &area[offset], sizeof(T));
    return value;
}

constexpr std::size_t kRegisters = 32, kXmm = 160;

bool is_zero(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

void put_x87(const X87State& x87, SaveFormat format, std::span<std::uint8_t> area) {
    put(area, 0, x87.control);
    put(area, 2, x87_status_word(x87));
    put<std::uint16_t>(area, 4, x87.in_use);
    put(area, 6, x87.opcode);
    if (format.is_wide) {
        put(area, 8, x87.instruction_pointer);
        put(area, 16, x87.data_pointer);
    } else {
        put(area, 8, static_cast<std::uint32_t>(x87.instruction_pointer));
        put<std::uint32_t>(area, 12, x87.instruction_selector);
        put(area, 16, static_cast<std::uint32_t>(x87.data_pointer));
        put<std::uint32_t>(area, 20, x87.data_selector);
    }
    for (std::size_t i = 0; i < 8; ++i) std::memset(&area[kRegisters + 16 * i + 10], 0, 6);
    get_x87_registers(x87, area.subspan(kRegisters), 16);
}

void get_x87(X87State& x87, SaveFormat format, std::span<const std::uint8_t> area) {
    x87.control = static_cast<std::uint16_t>((at<std::uint16_t>(area, 0) & 0x1F7F) | 0x40);
    set_x87_status_word(x87, at<std::uint16_t>(area, 2));
    summarize_x87(x87);
    x87.in_use = area[4];
    x87.opcode = at<std::uint16_t>(area, 6) & 0x7FF;
    if (format.is_wide) {
        x87.instruction_pointer = at<std::uint64_t>(area, 8);
        x87.data_pointer = at<std::uint64_t>(area, 16);
        x87.instruction_selector = x87.data_selector = 0;
    } else {
        x87.instruction_pointer = at<std::uint32_t>(area, 8);
        x87.instruction_selector = at<std::uint16_t>(area, 12);
        x87.data_pointer = at<std::uint32_t>(area, 16);
        x87.data_selector = at<std::uint16_t>(area, 20);
    }
    put_x87_registers(x87, area.subspan(kRegisters), 16);
}

void put_mxcsr(std::uint32_t mxcsr, std::span<std::uint8_t> area) {
    put(area, 24, mxcsr);
    put(area, 28, kMxcsrValid);
}
std::uint32_t mxcsr_of(std::span<const std::uint8_t> area) {
    return at<std::uint32_t>(area, 24);
}
void put_xmm(const VectorState& vector, SaveFormat format, std::span<std::uint8_t> area) {
    for (std::size_t i = 0; i < format.registers; ++i)
        std::memcpy(&area[kXmm + 16 * i], vector.ymm[i].bytes.data(), 16);
}
void get_xmm(VectorState& vector, SaveFormat format, std::span<const std::uint8_t> area) {
    for (std::size_t i = 0; i < format.registers; ++i)
        std::memcpy(vector.ymm[i].bytes.data(), &area[kXmm + 16 * i], 16);
}
void put_upper(const VectorState& vector, SaveFormat format, std::span<std::uint8_t> area) {
    for (std::size_t i = 0; i < format.registers; ++i)
        std::memcpy(&area[kAvxArea + 16 * i], &vector.ymm[i].bytes[16], 16);
}
void get_upper(VectorState& vector, SaveFormat format, std::span<const std::uint8_t> area) {
    for (std::size_t i = 0; i < format.registers; ++i)
        std::memcpy(&vector.ymm[i].bytes[16], &area[kAvxArea + 16 * i], 16);
}

std::uint64_t components_in_use(const Cpu& cpu) {
    std::uint64_t in_use = 0;
    const X87State& x87 = cpu.x87;
    const bool is_fresh = x87.control == 0x37F && x87.status == 0 && x87.top == 0 && x87.in_use == 0 &&
                          x87.opcode == 0 && x87.instruction_pointer == 0 && x87.data_pointer == 0 &&
                          std::ranges::all_of(x87.registers, [](const auto& r) { return is_zero(r.bytes); });
    if (!is_fresh) in_use |= kX87Component;
    for (const VectorRegister& reg : cpu.vector.ymm) {
        if (!is_zero(std::span(reg.bytes).first(16))) in_use |= kSseComponent;
        if (!is_zero(std::span(reg.bytes).last(16))) in_use |= kAvxComponent;
    }
    return in_use;
}

}  // namespace nyx::soft
