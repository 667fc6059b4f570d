// Guest memory as this process moves it, while other CPUs, devices and the compiler's thread may access the same bytes.
//
// Whose access comes first is for the guest to order, as on a real machine: its plain moves are plain moves of the
// host's processor, which has the same memory model, and its locked instructions are locked ones of the host. TSan is
// not shown them, because it would report a race of the guest's as one of ours, and does not see that a guest's own
// locks order anything. What is derived from such bytes is copied first and looked at afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nyx::soft {

#if defined(__SANITIZE_THREAD__)

// Compiled by themselves: what is inlined is instrumented as its caller is.
template <class T>
[[gnu::noinline, gnu::no_sanitize_thread]] void load_guest(T& out, const std::uint8_t* at) {
    __builtin_memcpy(&out, at, sizeof(T));
}
template <class T>
[[gnu::noinline, gnu::no_sanitize_thread]] void store_guest(std::uint8_t* at, const T& value) {
    __builtin_memcpy(at, &value, sizeof(T));
}
// Of any size; they may overlap.
inline void copy_guest(void* to, const void* from, std::size_t size) {
    const bool down = from < to;
    auto* out = static_cast<std::uint8_t*>(to) + (down && size != 0 ? size - 1 : 0);
    const auto* in = static_cast<const std::uint8_t*>(from) + (down && size != 0 ? size - 1 : 0);
    if (down)
        asm volatile("std; rep movsb; cld" : "+D"(out), "+S"(in), "+c"(size) : : "memory", "cc");
    else
        asm volatile("rep movsb" : "+D"(out), "+S"(in), "+c"(size) : : "memory");
}

#else

template <class T>
[[gnu::always_inline]] inline void load_guest(T& out, const std::uint8_t* at) {
    std::memcpy(&out, at, sizeof(T));
}
template <class T>
[[gnu::always_inline]] inline void store_guest(std::uint8_t* at, const T& value) {
    std::memcpy(at, &value, sizeof(T));
}
// Of any size; they may overlap.
inline void copy_guest(void* to, const void* from, std::size_t size) {
    std::memmove(to, from, size);
}

#endif

}  // namespace nyx::soft
