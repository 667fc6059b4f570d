#include "runtime/plan/bundle_sections.h"

#include <algorithm>
#include <set>

#include "runtime/base/bits.h"
#include "runtime/plan/bundle_damage.h"

namespace nyx::plan {

namespace {

// Magic and format, before anything that a newer format may have moved.
Status check_kind(ByteView bytes) {
    if (bytes.empty()) return damaged("the file is empty");
    std::size_t compared = std::min(bytes.size(), kBundleMagic.size());
    if (!std::equal(kBundleMagic.begin(), kBundleMagic.begin() + static_cast<std::ptrdiff_t>(compared),
                    bytes.begin())) {
        return fail({ErrorCode::kCorrupt, "not a Nyx bundle (it does not begin with the bundle's magic number)",
                     "bundles are written by `nyxc build FILE.ny`"});
    }
    if (bytes.size() < kHeaderSize)
        return damaged("truncated: {} bytes, and the header alone has {}", bytes.size(), kHeaderSize);
    auto format = load_le<std::uint32_t>(bytes.data() + 8);
    if (format > kBundleFormat) {
        return fail({ErrorCode::kUnsupported,
                     fmt::format("built by a newer nyxc (format {}, this nyx reads up to {})", format, kBundleFormat),
                     "rebuild it with the nyxc of this version, or update nyx"});
    }
    if (format == 0) return damaged("format 0 does not exist");
    return {};
}

Status check_size(ByteView bytes) {
    auto size = load_le<std::uint64_t>(bytes.data() + 16);
    if (bytes.size() < size) return damaged("truncated: {} of {} bytes are there", bytes.size(), size);
    if (bytes.size() > size) return damaged("{} bytes follow the end of the bundle", bytes.size() - size);
    return {};
}

Status check_padding(ByteView bytes, std::uint64_t from, std::uint64_t to, const std::string& name) {
    ByteView gap = bytes.subspan(from, to - from);
    bool zero = std::all_of(gap.begin(), gap.end(), [](std::uint8_t byte) { return byte == 0; });
    if (!zero) return damaged("the padding before section '{}' is not zero", name);
    return {};
}

SectionEntry read_entry(ByteView raw) {
    SectionEntry entry;
    std::string_view name = as_text(raw.first(kEntryNameSize));
    entry.name = name.substr(0, name.find('\0'));
    entry.offset = load_le<std::uint64_t>(raw.data() + 32);
    entry.size = load_le<std::uint64_t>(raw.data() + 40);
    std::copy_n(raw.begin() + 48, entry.digest.size(), entry.digest.begin());
    return entry;
}

// Exactly what the writer would have put into the name field.
bool name_is_canonical(ByteView raw, const std::string& name) {
    auto field = raw.first(kEntryNameSize);
    return name.size() < kEntryNameSize && std::all_of(
                                               field.begin() + static_cast<std::ptrdiff_t>(name.size()), field.end(),
                                               [](auto byte) { return byte == 0; });
}

}  // namespace

Result<BundleSections> BundleSections::read(ByteView bytes) {
    NYX_TRY(check_kind(bytes));
    BundleSections sections;
    sections.bytes_ = bytes;
    NYX_TRY(sections.read_table());
    NYX_TRY(sections.check_layout());
    NYX_TRY(sections.check_digests());
    return sections;
}

// After this the table is what its writer wrote, and its entries have well-formed names.
Status BundleSections::read_table() {
    NYX_TRY(check_size(bytes_));
    auto count = load_le<std::uint32_t>(bytes_.data() + 12);
    std::uint64_t head_size = kHeaderSize + std::uint64_t{count} * kEntrySize;
    if (count == 0 || count > kMaxSections || head_size > bytes_.size()) return damaged("{} sections cannot be", count);
    ByteView head = bytes_.first(head_size);
    if (!std::ranges::equal(header_digest(head), head.subspan(kHeaderDigestAt, Digest{}.size()))) {
        return damaged("the header or section table is damaged (its SHA-256 is another)");
    }
    if (load_le<std::uint64_t>(bytes_.data() + 56) != 0) return damaged("reserved bytes of the header are in use");
    for (std::uint32_t i = 0; i < count; ++i) {
        ByteView raw = head.subspan(kHeaderSize + i * kEntrySize, kEntrySize);
        SectionEntry entry = read_entry(raw);
        if (section_rank(entry.name) < 0 || !name_is_canonical(raw, entry.name)) {
            return damaged("section {} has a name that this format does not have", i);
        }
        entries_.push_back(std::move(entry));
    }
    return {};
}

// Each section begins where the one before it allows, and the last ends the file.
Status BundleSections::check_layout() const {
    std::uint64_t end = kHeaderSize + entries_.size() * kEntrySize;
    const SectionEntry* previous = nullptr;
    std::set<std::string_view> names;
    for (const SectionEntry& entry : entries_) {
        if (!names.insert(entry.name).second) return damaged("section '{}' appears twice", entry.name);
        NYX_TRY(check_place(entry, previous, end));
        end = entry.offset + entry.size;
        previous = &entry;
    }
    if (end != bytes_.size()) return damaged("{} bytes follow the last section", bytes_.size() - end);
    return {};
}

// end: of what stands before it, which is `previous` or, where that is null, the table.
Status BundleSections::check_place(const SectionEntry& entry, const SectionEntry* previous, std::uint64_t end) const {
    auto entry_end = checked_add(entry.offset, entry.size);
    if (!entry_end || *entry_end > bytes_.size()) return damaged("section '{}' leaves the file", entry.name);
    if (entry.offset < end) {
        return damaged("section '{}' overlaps {}", entry.name,
                       previous ? "'" + previous->name + "'" : "the section table");
    }
    if (entry.offset != align_up(end, section_alignment(entry.name)))
        return damaged("section '{}' is not where it belongs", entry.name);
    auto order = [](const SectionEntry& one) { return std::pair(section_rank(one.name), std::string_view(one.name)); };
    if (previous && order(*previous) > order(entry)) return damaged("section '{}' is out of order", entry.name);
    return check_padding(bytes_, end, entry.offset, entry.name);
}

Status BundleSections::check_digests() const {
    for (const SectionEntry& entry : entries_) {
        Digest found = sha256(bytes_.subspan(entry.offset, entry.size));
        if (found != entry.digest) {
            return damaged("section '{}' is damaged: its SHA-256 should be {} and is {}", entry.name,
                           to_hex(entry.digest), to_hex(found));
        }
    }
    return {};
}

const SectionEntry* BundleSections::find(std::string_view name) const {
    auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const SectionEntry& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

std::optional<ByteView> BundleSections::bytes_of(std::string_view name) const {
    const SectionEntry* entry = find(name);
    if (!entry) return std::nullopt;
    return bytes_.subspan(entry->offset, entry->size);
}

}  // namespace nyx::plan
