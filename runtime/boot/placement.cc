#include "runtime/boot/placement.h"

namespace nyx::boot {

Placement::Placement(const plan::MachinePlan& plan, dev::GuestMemory& memory) : memory_(memory) {
    for (const plan::TableLoad& table : plan.tables) {
        claims_.push_back({fmt::format("the {} tables", table.section), {table.address, table.size}});
    }
}

Status Placement::reserve(std::string what, Range range) {
    if (range.size == 0) return {};
    if (!memory_.contains(range.base, range.size)) {
        return fail({.code = ErrorCode::kResource,
                     .message = fmt::format("{} needs {:#x} bytes at {:#x}, which are not all RAM", what, range.size,
                                            range.base),
                     .hint = "give the machine more memory, or the image an address that is RAM"});
    }
    for (const Claim& claim : claims_) {
        if (!claim.range.overlaps(range)) continue;
        return fail(ErrorCode::kInvalidArgument, "{} at {:#x}-{:#x} lies over {} at {:#x}-{:#x}", what, range.base,
                    range.end() - 1, claim.what, claim.range.base, claim.range.end() - 1);
    }
    claims_.push_back({std::move(what), range});
    return {};
}

Status Placement::put(std::string what, std::uint64_t address, ByteView bytes) {
    NYX_TRY(reserve(std::move(what), {address, bytes.size()}));
    return memory_.write(address, bytes);
}

Status Placement::put_segment(std::string what, ByteView file, const image::Segment& segment) {
    NYX_TRY(reserve(std::move(what), segment.memory));
    NYX_TRY(memory_.write(segment.memory.base, file.subspan(segment.file.base, segment.file.size)));
    return memory_.zero(segment.memory.base + segment.file.size, segment.memory.size - segment.file.size);
}

Status Placement::put_segments(const std::string& what, ByteView file, const std::vector<image::Segment>& segments) {
    for (const image::Segment& segment : segments) NYX_TRY(put_segment(what, file, segment));
    return {};
}

Status Placement::put_structure(std::string what, std::uint64_t address, std::uint64_t room, ByteView bytes) {
    if (address == 0) return fail(ErrorCode::kCorrupt, "the plan has no place for {}", what);
    if (bytes.size() > room)
        return fail(ErrorCode::kResource, "{} has {} bytes, and there is room for {}", what, bytes.size(), room);
    return put(std::move(what), address, bytes);
}

}  // namespace nyx::boot
