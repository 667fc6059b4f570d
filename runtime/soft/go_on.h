// From one instruction to the next, and from one block to the next: by calls in tail position.
//
// What the functions of exec/ end with. For the compiler of regions (NYX_SOFT_TEMPLATES), which puts instructions
// together in its own way, they are marks that it looks for.
#pragma once

#include "runtime/soft/cpu.h"

namespace nyx::soft {

#ifdef NYX_SOFT_TEMPLATES
extern "C" {
void nyx_soft_go_on(Cpu& cpu, const Op* next);
void nyx_soft_stop_at(Cpu& cpu, const Op* op);
void nyx_soft_jump(Cpu& cpu, std::uint64_t target);
}
#endif

inline void Cpu::enter(Block& block) {
    block_ = &block;
    counted_from_ = block.ops;
    if (block.region != nullptr) return enter_region(block);
    return block.ops->run(*this, block.ops);
}

inline void Cpu::follow(Block::Link& link, const Op* end) {
    if (wanted() != 0) [[unlikely]]
        return;
    if (link.epoch != link_epoch_) [[unlikely]] {
        if (chain_end_ != 0) open_link_ = &link;
        return;
    }
    const std::uint64_t done = instructions + static_cast<std::uint64_t>(end - counted_from_);
    if (done + link.to->count > chain_end_) [[unlikely]]
        return;
    instructions = done;
    return enter(*link.to);
}

template <std::size_t kLink>
void Cpu::go_to(std::uint64_t target, [[maybe_unused]] const Op* end) {
#ifdef NYX_SOFT_TEMPLATES
    return nyx_soft_jump(*this, target);
#else
    rip = target;
    return follow(block_->links[kLink], end);
#endif
}

inline void Cpu::go_anywhere(std::uint64_t target, [[maybe_unused]] const Op* end) {
#ifdef NYX_SOFT_TEMPLATES
    return nyx_soft_jump(*this, target);
#else
    rip = target;
    return follow(jumps_.link(target, mode_), end);
#endif
}

// How a function goes on to the next instruction, and how it does not.
#ifdef NYX_SOFT_TEMPLATES
inline void go_on(Cpu& cpu, const Op* op) {
    return nyx_soft_go_on(cpu, op + 1);
}
inline void stop_at(Cpu& cpu, const Op* op) {
    return nyx_soft_stop_at(cpu, op);
}
inline void jump(Cpu& cpu, std::uint64_t target) {
    return nyx_soft_jump(cpu, target);
}
#else
inline void go_on(Cpu& cpu, const Op* op) {
    return op[1].run(cpu, op + 1);
}
inline void stop_at(Cpu& cpu, const Op* op) {
    cpu.stopped_at(op);
}
// The block ends here, and the next one is at `target`. Three ways: after an instruction that may have changed what
// belongs between two instructions; where there is one target for each kLink (0 and 1); where there may be any.
inline void jump(Cpu& cpu, std::uint64_t target) {
    cpu.rip = target;
}
#endif
template <std::size_t kLink>
void chain(Cpu& cpu, const Op* op, std::uint64_t target) {
    return cpu.go_to<kLink>(target, op + 1);
}
inline void chain_anywhere(Cpu& cpu, const Op* op, std::uint64_t target) {
    return cpu.go_anywhere(target, op + 1);
}

}  // namespace nyx::soft
