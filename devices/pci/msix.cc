#include "devices/pci/msix.h"

#include "runtime/base/check.h"

namespace nyx::dev::pci {
namespace {

constexpr std::uint32_t kVectorControl = 12;  // in an entry: address, upper address, data, control
constexpr std::uint32_t kMasked = 1;

}  // namespace

Msix::Msix(std::uint16_t vectors, MessageSink* sink) : vectors_(vectors), sink_(sink) {
    NYX_CHECK(vectors <= 64, "{} vectors", vectors);
    reset();
}

void Msix::reset() {
    control_ = 0;
    pending_ = 0;
    table_.assign(vectors_ * kMsixEntry, 0);
    for (std::uint32_t i = 0; i < vectors_; ++i) table_[i * kMsixEntry + kVectorControl] = kMasked;
}

void Msix::set_control(std::uint16_t control) {
    control_ = control;
    send_pending();
}

bool Msix::masked(std::uint16_t vector) const {
    return (control_ & kMsixFunctionMask) != 0 || (table_[vector * kMsixEntry + kVectorControl] & kMasked) != 0;
}

void Msix::signal(std::uint16_t vector) {
    if (vector >= vectors_ || !enabled()) return;
    pending_ |= std::uint64_t{1} << vector;
    send_pending();
}

void Msix::send_pending() {
    if (!enabled()) return;
    for (std::uint16_t vector = 0; vector < vectors_; ++vector) {
        const std::uint64_t bit = std::uint64_t{1} << vector;
        if ((pending_ & bit) == 0 || masked(vector)) continue;
        pending_ &= ~bit;
        const std::uint8_t* entry = &table_[vector * kMsixEntry];
        if (sink_ != nullptr) sink_->send(load_le<std::uint64_t>(entry), load_le<std::uint32_t>(entry + 8));
    }
}

std::uint64_t Msix::read_table(std::uint64_t offset, unsigned width) const {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i)
        if (offset + i < table_.size()) value |= std::uint64_t{table_[offset + i]} << (8 * i);
    return value;
}

// Of the control only the mask bit can be written; the others are reserved.
void Msix::write_table(std::uint64_t offset, unsigned width, std::uint64_t value) {
    for (unsigned i = 0; i < width && offset + i < table_.size(); ++i) {
        auto byte = static_cast<std::uint8_t>(value >> (8 * i));
        const std::uint64_t in_entry = (offset + i) % kMsixEntry;
        if (in_entry == kVectorControl) byte &= kMasked;
        if (in_entry > kVectorControl) byte = 0;
        table_[offset + i] = byte;
    }
    send_pending();
}

std::uint64_t Msix::read_pending(std::uint64_t offset, unsigned width) const {
    return offset < 8
               ? pending_ >> (8 * offset) & (width >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * width) - 1)
               : 0;
}

bool Msix::restore(ByteView table, std::uint64_t pending) {
    if (table.size() != table_.size() || (vectors_ < 64 && pending >> vectors_ != 0)) return false;
    table_.assign(table.begin(), table.end());
    pending_ = pending;
    return true;
}

}  // namespace nyx::dev::pci
