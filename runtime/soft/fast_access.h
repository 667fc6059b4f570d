// Accesses to memory by linear address, as long as the TLB knows the page; memory_access.cc has the slow ways.
//
// A part of cpu.h, which includes it: every instruction that touches memory has this code in it.
#pragma once

#include <cstring>

#include "runtime/soft/cpu.h"
#include "runtime/soft/guest_bytes.h"

namespace nyx::soft {

inline std::uint8_t* Cpu::host(const TlbEntry& entry, std::uint64_t linear) {
    return reinterpret_cast<std::uint8_t*>(linear + entry.addend);
}

inline void Cpu::set_view(View view) {
    view_ = view;
    // With an empty one every access takes the slow path, which checks alignment.
    tlb_ = checks_alignment_ && view == View::kUser ? &translations_.none() : &translations_.data(view);
}

template <class T>
[[gnu::always_inline]] inline bool Cpu::load(std::uint64_t linear, T& out) {
    const TlbEntry& entry = tlb_->at(linear);
    if (entry.read == ((linear + sizeof(T) - 1) & kPageMask)) [[likely]] {
        load_guest(out, host(entry, linear));
        return true;
    }
    if (!load_slow(linear, sizeof(T))) return false;
    std::memcpy(&out, slow_.data(), sizeof(T));
    return true;
}

template <class T>
[[gnu::always_inline]] inline bool Cpu::store(std::uint64_t linear, T value) {
    const TlbEntry& entry = tlb_->at(linear);
    if (entry.write == ((linear + sizeof(T) - 1) & kPageMask)) [[likely]] {
        store_guest(host(entry, linear), value);
        return true;
    }
    std::memcpy(slow_.data(), &value, sizeof(T));
    return store_slow(linear, sizeof(T));
}

template <class T>
inline std::uint8_t* Cpu::direct(std::uint64_t linear) {
    const TlbEntry& entry = tlb_->at(linear);
    return entry.write == ((linear + sizeof(T) - 1) & kPageMask) ? host(entry, linear) : nullptr;
}

// Looks at pages with the rights of CPL 0 for as long as it lives.
struct Cpu::AsSystem {
    explicit AsSystem(Cpu& cpu) : cpu_(cpu), view_(cpu.view_) { cpu_.set_view(View::kSystem); }
    ~AsSystem() { cpu_.set_view(view_); }
    AsSystem(const AsSystem&) = delete;
    AsSystem& operator=(const AsSystem&) = delete;

  private:
    Cpu& cpu_;
    View view_;
};

template <class T>
inline bool Cpu::load_system(std::uint64_t linear, T& out) {
    AsSystem as(*this);
    return load(linear, out);
}

template <class T>
inline bool Cpu::store_system(std::uint64_t linear, T value) {
    AsSystem as(*this);
    return store(linear, value);
}

}  // namespace nyx::soft
