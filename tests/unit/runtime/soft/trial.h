// A fixture that keeps exceptions from the guest: a test asks what an instruction raised.
#pragma once

#include <doctest/doctest.h>

#include "fixture.h"

namespace nyx::soft {

struct Trial : Fixture {
    std::optional<Exception> raised;

    explicit Trial(unsigned code_bits = 64, std::vector<CpuidLeaf> cpuid = {}) : Fixture(code_bits, std::move(cpuid)) {
        cpu->intercept = [this](const Exception& exception) {
            raised = exception;
            return true;
        };
    }
    void set_iopl(unsigned level) { cpu->set_rflags((cpu->rflags() & ~kIopl) | std::uint64_t{level} << 12); }
    void enter_v86(unsigned iopl) {
        cpu->cpl = 3;
        cpu->set_rflags(kVm | std::uint64_t{iopl} << 12);
        for (Seg segment : {kEs, kCs, kSs, kDs, kFs, kGs}) cpu->segments[segment].limit = 0xFFFF;
    }

    // True: the code, from here on, raised nothing.
    bool does(std::initializer_list<std::uint8_t> code, std::uint64_t count = 1) {
        raised.reset();
        run(code, count);
        return !raised;
    }
    // True: this vector, with the error code if the vector has one, and nothing of the instruction has been done.
    bool faults(std::initializer_list<std::uint8_t> code, Vector vector, std::uint32_t error_code = 0) {
        const std::uint64_t at = cpu->rip;
        const auto registers = cpu->gpr;
        const auto flags = cpu->rflags();
        if (does(code)) return false;
        return raised->vector == vector && raised->error_code == error_code && cpu->rip == at &&
               cpu->gpr == registers && cpu->rflags() == flags;
    }
};

}  // namespace nyx::soft
