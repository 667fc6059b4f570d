#include "vector_exclusions.h"

#include <string_view>

#include "runtime/soft/events.h"
#include "undefined_results.h"

namespace nyx::soft {
namespace {

constexpr std::uint8_t kExceptionSummary = 0x80;  // of the x87 status word

bool is_page_fault(const Outcome& outcome) {
    return outcome.fault && outcome.fault->vector == kPageFault;
}

// The software CPU does as AMD's do.
const char* why_not_compared_with_others(const VectorCase& one) {
    const auto& [form, is_x87, on_host, on_soft] = one;
    const std::string_view name = ZydisMnemonicGetString(form.mnemonic);
    // Elements gathered, MMX state entered, MXCSR's flags, the byte that is named.
    if (is_page_fault(on_host) && is_page_fault(on_soft) && on_host.rip == on_soft.rip)
        return "what is done before a page fault";
    if (name.find("gather") != name.npos && on_host.fault && on_host.fault == on_soft.fault)
        return "what is done before a fault";
    if (form.is_image() && on_host.fault) return "what is restored before a fault";
    if (is_x87 && !on_host.fault && (on_host.state.fxsave[2] & kExceptionSummary) != 0 && on_soft.fault)
        return "whether an x87 exception or a page fault comes first";
    if (name.starts_with("sha") && on_host.fault == Fault{kGeneralProtection, 0})
        return "alignment, which AMD's processors do not ask for";
    return nullptr;
}

}  // namespace

const char* why_not_compared(const VectorCase& one) {
    if (one.form.is_image() && is_page_fault(one.on_host)) return "which byte of a large operand a page fault names";
    if ((one.on_host.state.mxcsr() >> 16) != 0) return "MXCSR.MM, AMD's alone";
    return host_is_amd() ? nullptr : why_not_compared_with_others(one);
}

}  // namespace nyx::soft
