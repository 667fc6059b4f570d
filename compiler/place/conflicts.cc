#include "compiler/place/conflicts.h"

#include <algorithm>

#include "compiler/place/format.h"

namespace nyx::place {

using diagnostics::Applicability;
using diagnostics::Code;
using diagnostics::Diagnostic;

namespace {

Code overlap_code(ResourceKind kind) {
    switch (kind) {
        case ResourceKind::kPio:
            return Code::kPortOverlap;
        case ResourceKind::kMmio:
            return Code::kMmioOverlap;
        case ResourceKind::kGsi:
            return Code::kLineConflict;
    }
    return Code::kPortOverlap;
}

std::string claimed(ResourceKind kind, Range range) {
    return kind == ResourceKind::kGsi ? fmt::format("line {}", range.base) : range_text(range);
}

std::string would_take(const Assignment& all, Wish wish, Range range) {
    return fmt::format("{} would take {}", all.device(wish).name, claimed(all.request(wish).kind, range));
}

// The lowest free range above `from` that fits, else the lowest of the usual area.
std::optional<Range> next_free(const Assignment& all, Wish wish, std::uint64_t from) {
    const model::ResourceRequest& wanted = all.request(wish);
    bool mmio = wanted.kind == ResourceKind::kMmio;
    std::uint64_t end = mmio ? kFreeMmio.end() : space_limit(wanted.kind);
    std::uint64_t lowest = mmio ? kFreeMmio.base : wanted.kind == ResourceKind::kGsi ? kSpareLines.base : 0x400;
    for (std::uint64_t start : {mmio ? std::max(from, lowest) : from, lowest}) {
        if (start >= end) continue;
        auto free = all.space(wanted.kind).first_free(wanted.size, natural_alignment(wanted), {start, end - start});
        if (free) return free;
    }
    return std::nullopt;
}

void suggest_free(const Assignment& all, Wish wish, std::uint64_t from, Diagnostic& finding) {
    auto free = next_free(all, wish, from);
    if (!free) return;
    const model::ResourceRequest& wanted = all.request(wish);
    std::string base = range_text(wanted.kind, {free->base, 1});
    const char* what = wanted.kind == ResourceKind::kGsi ? "line" : "range of this size";
    finding.help(
        fmt::format("the next free {} is {}: `{} = {}`", what, range_text(wanted.kind, *free), wanted.field, base));
    if (!all.chosen_by_author(wish)) return;
    finding.fix({fmt::format("use {}", base), Applicability::kMaybeIncorrect, {{all.claim_span(wish), base}}});
}

void report_board_conflict(const Assignment& all, const Conflict& conflict, diagnostics::Sink& sink) {
    std::size_t part = conflict.taken.owner - kBoardOwner;
    ResourceKind kind = all.request(conflict.wish).kind;
    Code code = part == kSciPart ? Code::kSciConflict : overlap_code(kind);
    Diagnostic& finding = sink.report(
        code, all.claim_span(conflict.wish),
        fmt::format("{} claims the {} of {}", all.device(conflict.wish).name, kind_text(kind), kBoardParts[part].name),
        would_take(all, conflict.wish, conflict.range));
    finding.note(fmt::format("{} has {} on this board", kBoardParts[part].name, claimed(kind, conflict.taken.range)));
    suggest_free(all, conflict.wish, conflict.range.base, finding);
}

Wish owner_of(const Assignment& all, ResourceKind kind, const Claim& claim) {
    const auto& resources = all.machine.devices[claim.owner].resources;
    std::size_t request = 0;
    while (resources[request].kind != kind || all.given[claim.owner][request] != claim.range) ++request;
    return {claim.owner, request};
}

}  // namespace

void report_conflict(const Assignment& all, const Conflict& conflict, diagnostics::Sink& sink) {
    if (conflict.taken.owner >= kBoardOwner) return report_board_conflict(all, conflict, sink);
    ResourceKind kind = all.request(conflict.wish).kind;
    Wish primary = conflict.wish;
    Range primary_range = conflict.range;
    Wish other = owner_of(all, kind, conflict.taken);
    Range other_range = conflict.taken.range;
    // The message points at what the author chose and can change; the other side is the label.
    if (!all.chosen_by_author(primary) && all.chosen_by_author(other)) {
        std::swap(primary, other);
        std::swap(primary_range, other_range);
    }
    bool is_sci =
        kind == ResourceKind::kGsi && (all.device(primary).type == "acpi_pm" || all.device(other).type == "acpi_pm");
    Diagnostic& finding = sink.report(is_sci ? Code::kSciConflict : overlap_code(kind), all.claim_span(primary),
                                      fmt::format("two devices claim the same {}", kind_text(kind)),
                                      would_take(all, primary, primary_range));
    std::string origin =
        all.chosen_by_author(other) ? "" : fmt::format(" (the default for {})", all.device(other).name);
    finding.label(all.claim_span(other),
                  fmt::format("{} has {} since here{}", all.device(other).name, claimed(kind, other_range), origin));
    suggest_free(all, primary, std::max(primary_range.base, other_range.end()), finding);
}

void report_none_left(const Assignment& all, Wish wish, diagnostics::Sink& sink) {
    const model::ResourceRequest& wanted = all.request(wish);
    const model::Device& device = all.device(wish);
    Diagnostic& finding = sink.report(Code::kNoPlaceLeft, device.where,
                                      fmt::format("there are no {}s left for {}", wanted.field, device.name));
    std::string tried;
    for (std::uint64_t base : wanted.candidates)
        tried += (tried.empty() ? "" : ", ") + range_text(wanted.kind, {base, 1});
    if (!tried.empty())
        finding.note(fmt::format("the {} of a {} is one of {}, unless it is given", wanted.field, device.type, tried));
    all.each([&](Wish one) {
        const auto& given = all.given[one.device][one.request];
        if (!given || all.request(one).kind != wanted.kind || all.device(one).type != device.type) return;
        finding.label(all.claim_span(one),
                      fmt::format("{} has {}", all.device(one).name, claimed(wanted.kind, *given)));
    });
    // Ports below are the board's: a free one there would surprise the guest's drivers.
    suggest_free(all, wish, wanted.kind == ResourceKind::kPio ? kFreePorts.base : 0, finding);
}

void report_out_of_bounds(const Assignment& all, Wish wish, Range range, diagnostics::Sink& sink) {
    const std::string& name = all.device(wish).name;
    std::uint64_t limit = space_limit(all.request(wish).kind);
    switch (all.request(wish).kind) {
        case ResourceKind::kPio:
            sink.report(Code::kPortRange, all.claim_span(wish),
                        fmt::format("{} would reach beyond the last I/O port", name),
                        fmt::format("{} ports from {:#x}", range.size, range.base))
                .help(fmt::format("the last port is 0xffff, so the last `{}` that fits is {:#x}",
                                  all.request(wish).field, limit - std::min(range.size, limit)))
                .fix(fmt::format("use {:#x}", limit - std::min(range.size, limit)), Applicability::kMaybeIncorrect,
                     all.claim_span(wish), fmt::format("{:#x}", limit - std::min(range.size, limit)));
            break;
        case ResourceKind::kMmio:
            sink.report(Code::kMmioReserved, all.claim_span(wish),
                        fmt::format("{} would lie outside the guest's address space", name))
                .help(fmt::format("addresses end at {:#x}", limit - 1));
            break;
        case ResourceKind::kGsi:
            suggest_free(all, wish, 0,
                         sink.report(Code::kLineRange, all.claim_span(wish),
                                     fmt::format("there is no interrupt line {}", range.base))
                             .help(fmt::format("the I/O APIC has lines 0 to {}", limit - 1)));
            break;
    }
}

void report_reserved(const Assignment& all, Wish wish, Range range, const std::string& what, diagnostics::Sink& sink) {
    Diagnostic& finding =
        sink.report(Code::kMmioReserved, all.claim_span(wish),
                    fmt::format("{} would lie on {}", all.device(wish).name, what), would_take(all, wish, range));
    suggest_free(all, wish, range.base, finding);
}

void report_misaligned(const Assignment& all, Wish wish, diagnostics::Sink& sink) {
    const model::ResourceRequest& wanted = all.request(wish);
    std::uint64_t next = wanted.fixed->value / wanted.alignment * wanted.alignment + wanted.alignment;
    sink.report(Code::kAddressMisaligned, all.claim_span(wish),
                fmt::format("{} must start at a multiple of {:#x}", all.device(wish).name, wanted.alignment))
        .help(fmt::format("the next one is {:#x}", next))
        .fix(fmt::format("use {:#x}", next), Applicability::kMaybeIncorrect, all.claim_span(wish),
             fmt::format("{:#x}", next));
}

}  // namespace nyx::place
