// The compiled exit code of a bundle, linked into this process.
//
// Linked once, before the guest starts: memory is written, then made executable and never writable again. Immutable
// afterwards, so its functions may be called from any thread; they are valid as long as the object lives. What the code
// does when it runs is not judged: it is a program, to be trusted as one (docs/bundle.md, "Trust").
#pragma once

#include <memory>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/exit_abi.h"

namespace nyx::jit {

class ExitCode {
  public:
    // object: a relocatable ELF64 x86-64 file as compiler/codegen writes it; not needed afterwards. Errors: kCorrupt:
    // it is none, or asks for anything outside itself (object_file.h); kUnsupported: it is for another runtime than
    // this one; kResource.
    static Result<std::unique_ptr<ExitCode>> link(ByteView object);
    ExitCode(const ExitCode&) = delete;
    ExitCode& operator=(const ExitCode&) = delete;
    ~ExitCode();

    const plan::ExitFunctions& functions() const { return functions_; }
    // Of memory that it takes, in whole pages.
    std::size_t size() const { return size_; }

  private:
    ExitCode() = default;

    std::uint8_t* memory_ = nullptr;
    std::size_t size_ = 0;
    plan::ExitFunctions functions_;
};

// The highest level of the psABI that this processor has, as an index into plan::kCodeLevels; 0 at least.
int host_level();

}  // namespace nyx::jit
