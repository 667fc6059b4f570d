#include "runtime/jit/exit_code.h"

namespace nyx::jit {

Result<std::unique_ptr<ExitCode>> ExitCode::link(ByteView object) {
    auto code = std::make_unique<ExitCode>();
    NYX_ASSIGN(code->object_, LinkedObject::link(object));
    NYX_TRY(code->object_->find(plan::kPioReadSymbol, code->pio_read));
    NYX_TRY(code->object_->find(plan::kPioWriteSymbol, code->pio_write));
    NYX_TRY(code->object_->find(plan::kMmioReadSymbol, code->mmio_read));
    NYX_TRY(code->object_->find(plan::kMmioWriteSymbol, code->mmio_write));
    return code;
}

}  // namespace nyx::jit
