// Functions of the host, by name: what a program's free names are bound to when it is loaded.
//
// A program is compiled against names only, so the build stage and the run stage may bind different functions to them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "runtime/script/objects.h"

namespace nyx::script {

// Types on which a native is also a method: the receiver is its first argument.
using TypeMask = std::uint32_t;
constexpr TypeMask mask_of(Type type) {
    return TypeMask{1} << static_cast<unsigned>(type);
}

// parameters: "text, width = 0, ...": `=` marks an optional one, `...` any number more.
struct NativeSpec {
    std::string_view name;
    std::string_view parameters;
    NativeFn function = nullptr;
    TypeMask method_of = 0;
    bool free_function = true;  // callable as name(…), not only as a method
};

class Natives {
  public:
    void add(std::span<const NativeSpec> specs) { specs_.insert(specs_.end(), specs.begin(), specs.end()); }
    std::span<const NativeSpec> all() const { return specs_; }
    // The last added free function of that name, or null.
    const NativeSpec* find(std::string_view name) const;

  private:
    std::vector<NativeSpec> specs_;
};

// The built-ins of docs/builtins.md.
const Natives& standard_natives();
// Those among them that stdlib/vm_production.ny is written with: __machine_new, __machine_set …
std::span<const NativeSpec> machine_natives();

}  // namespace nyx::script
