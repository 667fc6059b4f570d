#include "compiler/device/function_builder.h"

#include <algorithm>

namespace nyx::device {

using dev::ir::Op;

FunctionBuilder::FunctionBuilder(std::string name, unsigned parameters, bool returns) {
    made_.name = std::move(name);
    made_.parameters = static_cast<std::uint16_t>(parameters);
    // What returns nothing may name temporary 0 all the same.
    made_.temporaries = static_cast<std::uint16_t>(std::max(parameters, 1u));
    made_.returns = returns;
    next_ = made_.temporaries;
}

std::uint16_t FunctionBuilder::temporary() {
    if (next_ < kMostTemporaries) ++next_;
    made_.temporaries = std::max(made_.temporaries, next_);
    return static_cast<std::uint16_t>(next_ - 1);
}

std::size_t FunctionBuilder::emit(dev::ir::Instruction one) {
    if (here() < kMostCode) made_.code.push_back(one);
    return here() - 1;
}

void FunctionBuilder::end_loop(std::size_t loop) {
    const std::size_t length = here() - loop - 1;
    is_long_loop_ |= length > 0xFFFF;
    made_.code[loop].b = static_cast<std::uint16_t>(length);
}

dev::ir::Function FunctionBuilder::finish() {
    if (made_.returns) {
        const std::uint16_t zero = temporary();
        emit({Op::kConstant, 64, zero});
        emit({Op::kReturn, 64, 0, zero});
    }
    return std::move(made_);
}

}  // namespace nyx::device
