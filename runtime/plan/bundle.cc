#include "runtime/plan/bundle.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>

#include "devices/ir/program_json.h"
#include "runtime/base/json_reader.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/programs.h"

namespace nyx::plan {

namespace {

constexpr const char* kRebuild = "build it again with `nyxc build`, or copy it again if it came over a network";

Error corrupt(std::string message) {
    return {ErrorCode::kCorrupt, std::move(message), kRebuild};
}

template <class... Args>
tl::unexpected<Error> damaged(fmt::format_string<Args...> format, Args&&... args) {
    return fail(corrupt(fmt::format(format, std::forward<Args>(args)...)));
}

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

Result<Bundle> Bundle::open(const std::string& path) {
    NYX_ASSIGN(MappedFile file, MappedFile::open(path));
    Result<Bundle> bundle = read(file.bytes(), path);
    if (bundle) bundle->file_ = std::move(file);
    return bundle;
}

Result<Bundle> Bundle::read(ByteView bytes, const std::string& path) {
    Bundle bundle;
    bundle.path_ = path;
    bundle.bytes_ = bytes;
    Status status = check_kind(bytes);
    if (status) status = bundle.read_table();
    if (status) status = bundle.check_layout();
    if (status) status = bundle.verify_sections();
    if (status) status = bundle.read_documents();
    if (status) status = bundle.check_images();
    if (status) status = bundle.check_tables();
    if (!status) return fail(std::move(status).error().in(path));
    return bundle;
}

// After this the table is what its writer wrote, and its entries have well-formed names.
Status Bundle::read_table() {
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
        sections_.push_back(std::move(entry));
    }
    return {};
}

// Each section begins where the one before it allows, and the last ends the file.
Status Bundle::check_layout() const {
    std::uint64_t end = kHeaderSize + sections_.size() * kEntrySize;
    const SectionEntry* previous = nullptr;
    std::set<std::string_view> names;
    for (const SectionEntry& entry : sections_) {
        if (!names.insert(entry.name).second) return damaged("section '{}' appears twice", entry.name);
        auto entry_end = checked_add(entry.offset, entry.size);
        if (!entry_end || *entry_end > bytes_.size()) return damaged("section '{}' leaves the file", entry.name);
        if (entry.offset < end) {
            return damaged("section '{}' overlaps {}", entry.name,
                           previous ? "'" + previous->name + "'" : "the section table");
        }
        if (entry.offset != align_up(end, section_alignment(entry.name)))
            return damaged("section '{}' is not where it belongs", entry.name);
        if (previous &&
            std::pair(section_rank(previous->name), previous->name) > std::pair(section_rank(entry.name), entry.name)) {
            return damaged("section '{}' is out of order", entry.name);
        }
        NYX_TRY(check_padding(bytes_, end, entry.offset, entry.name));
        end = *entry_end;
        previous = &entry;
    }
    if (end != bytes_.size()) return damaged("{} bytes follow the last section", bytes_.size() - end);
    return {};
}

Status Bundle::verify_sections() const {
    for (const SectionEntry& entry : sections_) {
        Digest found = sha256(bytes_.subspan(entry.offset, entry.size));
        if (found != entry.digest) {
            return damaged("section '{}' is damaged: its SHA-256 should be {} and is {}", entry.name,
                           to_hex(entry.digest), to_hex(found));
        }
    }
    for (const char* name : {"plan", "wiring", "references"}) {
        if (!find(name)) return damaged("section '{}' is missing", name);
    }
    return {};
}

Status Bundle::read_documents() {
    Result<MachinePlan> plan = parse_plan(text_of("plan"));
    if (!plan) return damaged("section 'plan': {}", plan.error().message);
    plan_ = std::move(*plan);
    plan_hash_ = find("plan")->digest;
    Result<HostWiring> wiring = parse_wiring(text_of("wiring"));
    if (!wiring) return damaged("section 'wiring': {}", wiring.error().message);
    wiring_ = std::move(*wiring);
    for (const auto& [device, settings] : wiring_) {
        if (!plan_.find_device(device)) return damaged("section 'wiring': the plan has no device '{}'", device);
    }
    NYX_TRY(read_references());
    NYX_TRY(read_preferences());
    return read_programs();
}

Status Bundle::read_programs() {
    if (!find("devices")) {
        if (plan_.programs.empty()) return check_no_code();
        return damaged("section 'devices', whose programs the plan names, is missing");
    }
    Result<std::vector<dev::ir::Program>> programs = dev::ir::parse_programs(text_of("devices"));
    if (!programs) return damaged("section 'devices': {}", programs.error().text());
    programs_ = std::move(*programs);
    if (Status fits = check_programs(plan_, programs_); !fits)
        return damaged("section 'devices': {}", fits.error().message);
    return {};
}

Status Bundle::check_no_code() const {
    for (const SectionEntry& entry : sections_)
        if (!code_level(entry.name).empty()) return damaged("section '{}' is code of no device program", entry.name);
    return {};
}

Status Bundle::read_preferences() {
    if (!find("preferences")) return {};
    Result<RunPreferences> preferences = parse_preferences(text_of("preferences"));
    if (!preferences) return damaged("section 'preferences': {}", preferences.error().message);
    preferences_ = std::move(*preferences);
    return {};
}

Status Bundle::read_references() {
    Result<json::Json> document = json::parse_json(text_of("references"), 1 << 16);
    if (!document) return damaged("section 'references': {}", document.error().message);
    if (!document->is_object()) return damaged("section 'references': not an object");
    json::Problem problem;
    for (const auto& [id, value] : document->items()) {
        json::ObjectReader object(value, id, problem);
        references_[id] = {object.text("path"), object.digest("sha256"), object.number("size")};
        object.finish();
    }
    if (problem.found()) return damaged("section 'references': {}", problem.text());
    if (document->dump() != text_of("references")) return damaged("section 'references': not in canonical form");
    return {};
}

Status Bundle::check_images() const {
    std::size_t embedded = 0;
    for (const ImageRef& image : plan_.images) {
        const SectionEntry* inside = find("image:" + image.id);
        auto outside = references_.find(image.id);
        if ((inside != nullptr) == (outside != references_.end())) {
            return damaged("image '{}' is {} and referenced", image.id, inside ? "both embedded" : "neither embedded");
        }
        const Digest& digest = inside ? inside->digest : outside->second.digest;
        std::uint64_t size = inside ? inside->size : outside->second.size;
        if (digest != image.digest || size != image.size)
            return damaged("image '{}' is not the one that the plan names", image.id);
        if (inside) ++embedded;
    }
    auto sections = std::count_if(sections_.begin(), sections_.end(),
                                  [](const auto& entry) { return !image_id(entry.name).empty(); });
    if (static_cast<std::size_t>(sections) != embedded || references_.size() + embedded != plan_.images.size()) {
        return damaged("it has an image that the plan does not name");
    }
    return {};
}

Status Bundle::check_tables() const {
    for (const TableLoad& table : plan_.tables) {
        const SectionEntry* entry = find(table.section);
        if (!entry) return damaged("section '{}', which the plan loads, is missing", table.section);
        if (entry->size != table.size || entry->digest != table.digest) {
            return damaged("section '{}' is not the one that the plan names", table.section);
        }
    }
    for (const char* name : {"acpi", "smbios"}) {
        bool loaded = std::any_of(plan_.tables.begin(), plan_.tables.end(),
                                  [&](const auto& table) { return table.section == name; });
        if (find(name) && !loaded) return damaged("section '{}' is not loaded by the plan", name);
    }
    return {};
}

const SectionEntry* Bundle::find(std::string_view name) const {
    auto found =
        std::find_if(sections_.begin(), sections_.end(), [&](const SectionEntry& entry) { return entry.name == name; });
    return found == sections_.end() ? nullptr : &*found;
}

std::string_view Bundle::text_of(std::string_view name) const {
    return as_text(*section(name));
}

std::optional<ByteView> Bundle::section(std::string_view name) const {
    const SectionEntry* entry = find(name);
    if (!entry) return std::nullopt;
    return bytes_.subspan(entry->offset, entry->size);
}

Result<Image> Bundle::image(std::string_view id) const {
    if (auto embedded = section("image:" + std::string(id))) return Image(*embedded);
    auto reference = references_.find(id);
    if (reference == references_.end())
        return fail(ErrorCode::kNotFound, "{}: the machine has no image '{}'", path_, id);
    std::string path = std::filesystem::path(path_).parent_path() / reference->second.path;
    Result<MappedFile> file = MappedFile::open(path);
    if (!file) {
        Error error = std::move(file).error().in(fmt::format("image '{}' of {}", id, path_));
        error.hint = "the bundle refers to this file: put it back, or build with `--images=embed`";
        return fail(std::move(error));
    }
    Digest found = sha256(file->bytes());
    if (found != reference->second.digest) {
        return fail({ErrorCode::kCorrupt,
                     fmt::format("{}: not the file that {} was built with: its SHA-256 should be {} and is {}", path,
                                 path_, to_hex(reference->second.digest), to_hex(found)),
                     "put the old file back, or build the bundle again"});
    }
    return Image(std::move(*file));
}

}  // namespace nyx::plan
