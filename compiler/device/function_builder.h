// The code of one function as it grows.
#pragma once

#include <string>

#include "devices/ir/program.h"

namespace nyx::device {

class FunctionBuilder {
  public:
    FunctionBuilder(std::string name, unsigned parameters, bool returns);

    std::uint16_t temporary();
    // Temporaries from here on are free again.
    std::uint16_t mark() const { return next_; }
    void release(std::uint16_t mark) { next_ = mark; }

    std::size_t emit(dev::ir::Instruction one);
    std::size_t here() const { return made_.code.size(); }
    void point_here(std::size_t jump) { made_.code[jump].imm = here(); }
    // The loop that was begun there ends here.
    void end_loop(std::size_t loop);

    bool is_too_large() const { return made_.temporaries >= kMostTemporaries || here() >= kMostCode || is_long_loop_; }
    bool returns() const { return made_.returns; }
    const dev::ir::Function& made() const { return made_; }
    dev::ir::Function finish();

  private:
    static constexpr unsigned kMostTemporaries = 4000;  // a little less than verify() allows
    static constexpr std::size_t kMostCode = 16000;

    dev::ir::Function made_;
    std::uint16_t next_ = 0;
    bool is_long_loop_ = false;
};

}  // namespace nyx::device
