// A relocatable object, linked into this process.
//
// Memory is written, then made executable and never writable again. An object that is damaged, of another machine, or
// that asks for anything outside itself is refused. Immutable afterwards.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::jit {

class LinkedObject {
  public:
    // object: ELF64 x86-64 as compiler/codegen writes it. Errors: kCorrupt with the linker's reason.
    static Result<std::unique_ptr<LinkedObject>> link(ByteView object);
    virtual ~LinkedObject() = default;

    // Valid as long as the object lives. kCorrupt: there is no such function.
    template <class Function>
    Status find(const std::string& name, Function& function) const {
        const std::uint64_t address = address_of(name);
        if (address == 0) return fail(ErrorCode::kCorrupt, "the bundle's code has no function '{}'", name);
        function = reinterpret_cast<Function>(address);
        return {};
    }

  protected:
    virtual std::uint64_t address_of(const std::string& name) const = 0;  // 0: not there
};

}  // namespace nyx::jit
