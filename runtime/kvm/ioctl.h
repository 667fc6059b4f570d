// One ioctl on a KVM descriptor, with a failure that says which one, what the kernel answered and what to do about it.
//
// Private to runtime/kvm. No state; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/result.h"

namespace nyx::kvm {

// The ioctl's return value, which is 0 or more. Repeats a call that a signal interrupted.
Result<int> call(int fd, unsigned long request, std::string_view name, std::uintptr_t argument);

// The error for a failed call. Known pairs of call and errno get a hint of their own.
Error explain(std::string_view name, int number);

template <class T>
Result<int> call(int fd, unsigned long request, std::string_view name, T* argument) {
    return call(fd, request, name, reinterpret_cast<std::uintptr_t>(argument));
}

}  // namespace nyx::kvm

#define NYX_KVM(fd, request, argument) ::nyx::kvm::call((fd), (request), #request, (argument))
