// The sections of a bundle whose header, table and digests are right; what is in them is bundle.h's business.
//
// All views point into the bytes that were read. Immutable.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/bundle_format.h"

namespace nyx::plan {

class BundleSections {
  public:
    // kUnsupported for a newer format, kCorrupt for anything that is wrong. The bytes outlive the sections.
    static Result<BundleSections> read(ByteView bytes);
    BundleSections() = default;  // none

    // In file order.
    const std::vector<SectionEntry>& entries() const { return entries_; }
    // Null, or nothing, where the bundle has no such section.
    const SectionEntry* find(std::string_view name) const;
    std::optional<ByteView> bytes_of(std::string_view name) const;
    // Of one that is there.
    std::string_view text_of(std::string_view name) const { return as_text(*bytes_of(name)); }

  private:
    Status read_table();
    Status check_layout() const;
    Status check_place(const SectionEntry& entry, const SectionEntry* previous, std::uint64_t end) const;
    Status check_digests() const;

    ByteView bytes_;
    std::vector<SectionEntry> entries_;
};

}  // namespace nyx::plan
