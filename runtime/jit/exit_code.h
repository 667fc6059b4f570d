// The compiled exit code of a bundle, linked into this process.
//
// Linked once, before the guest starts (linked_object.h). Immutable afterwards, so its functions may be called from any
// thread; they are valid as long as the object lives. What it does when it runs is not judged: a bundle with code is a
// program, to be trusted as one (docs/bundle.md, "Trust").
#pragma once

#include "runtime/jit/linked_object.h"
#include "runtime/plan/exit_abi.h"

namespace nyx::jit {

class ExitCode {
  public:
    // object: a relocatable ELF64 x86-64 file as compiler/codegen writes it. Errors: kCorrupt with the linker's reason.
    static Result<std::unique_ptr<ExitCode>> link(ByteView object);

    plan::ExitRead pio_read = nullptr;
    plan::ExitWrite pio_write = nullptr;
    plan::ExitRead mmio_read = nullptr;
    plan::ExitWrite mmio_write = nullptr;

  private:
    std::unique_ptr<LinkedObject> object_;
};

}  // namespace nyx::jit
