#include "runtime/plan/bundle_writer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>

#include "devices/ir/program_json.h"
#include "runtime/base/file.h"
#include "runtime/plan/bundle_format.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/programs.h"

namespace nyx::plan {

namespace {

struct Section {
    std::string name;
    ByteView bytes;
    Digest digest;
};

Section section(std::string name, ByteView bytes) {
    return {std::move(name), bytes, sha256(bytes)};
}

std::string references_json(const BundleContents& contents) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [id, path] : contents.references) {
        const ImageRef& image = *contents.plan.find_image(id);
        object[id] = {{"path", path}, {"sha256", to_hex(image.digest)}, {"size", image.size}};
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Status check_images(const BundleContents& contents) {
    for (const auto& [id, bytes] : contents.images) {
        const ImageRef* image = contents.plan.find_image(id);
        if (!image || image->size != bytes.size())
            return fail(ErrorCode::kInvalidArgument, "image '{}' does not fit the plan", id);
    }
    for (const auto& [id, path] : contents.references) {
        if (!contents.plan.find_image(id))
            return fail(ErrorCode::kInvalidArgument, "reference '{}' is not in the plan", id);
    }
    for (const ImageRef& image : contents.plan.images) {
        if (contents.images.contains(image.id) == contents.references.contains(image.id)) {
            return fail(ErrorCode::kInvalidArgument, "image '{}' is not either embedded or referenced", image.id);
        }
    }
    return {};
}

Status check_tables(const BundleContents& contents) {
    for (const TableLoad& table : contents.plan.tables) {
        auto found = contents.tables.find(table.section);
        if (found == contents.tables.end() || found->second.size() != table.size) {
            return fail(ErrorCode::kInvalidArgument, "table '{}' does not fit the plan", table.section);
        }
    }
    if (contents.tables.size() != contents.plan.tables.size())
        return fail(ErrorCode::kInvalidArgument, "a table that the plan does not load");
    return {};
}

Status check_programs(const BundleContents& contents) {
    if (contents.programs.size() != contents.plan.programs.size())
        return fail(ErrorCode::kInvalidArgument, "a device program that the plan does not name");
    if (contents.programs.empty() && !contents.code.empty())
        return fail(ErrorCode::kInvalidArgument, "code of no device program");
    for (const dev::ir::Program& program : contents.programs) {
        auto named = contents.plan.programs.find(program.name);
        if (named == contents.plan.programs.end() || named->second != program_digest(program))
            return fail(ErrorCode::kInvalidArgument, "device program '{}' is not the one that the plan names",
                        program.name);
    }
    return {};
}

void write_entry(ByteWriter& out, const Section& section, std::uint64_t offset) {
    std::size_t start = out.size();
    out.write(std::string_view(section.name));
    out.zeros(kEntryNameSize - (out.size() - start));
    out.write(offset);
    out.write<std::uint64_t>(section.bytes.size());
    out.write(ByteView(section.digest));
}

Bytes make_head(const std::vector<Section>& sections) {
    ByteWriter out;
    out.write(ByteView(kBundleMagic));
    out.write(kBundleFormat);
    out.write(static_cast<std::uint32_t>(sections.size()));
    out.zeros(kHeaderSize - out.size());
    std::uint64_t end = kHeaderSize + sections.size() * kEntrySize;
    for (const Section& section : sections) {
        std::uint64_t offset = align_up(end, section_alignment(section.name));
        write_entry(out, section, offset);
        end = offset + section.bytes.size();
    }
    store_le(out.bytes().data() + 16, end);
    Digest digest = header_digest(out.bytes());
    std::copy(digest.begin(), digest.end(), out.bytes().begin() + kHeaderDigestAt);
    return out.take();
}

// The file in pieces: what is large is not copied.
std::vector<ByteView> lay_out(ByteView head, const std::vector<Section>& sections) {
    static constexpr std::array<std::uint8_t, kPageSize> kZeros{};
    std::vector<ByteView> pieces{head};
    std::uint64_t end = head.size();
    for (const Section& section : sections) {
        std::uint64_t offset = align_up(end, section_alignment(section.name));
        pieces.push_back(ByteView(kZeros).first(offset - end));
        pieces.push_back(section.bytes);
        end = offset + section.bytes.size();
    }
    return pieces;
}

// The pieces are valid until `use` returns.
using UsePieces = std::function<Status(std::span<const ByteView>)>;

Status with_pieces(const BundleContents& contents, const UsePieces& use) {
    NYX_TRY(check_plan(contents.plan));
    NYX_TRY(check_images(contents));
    NYX_TRY(check_tables(contents));
    NYX_TRY(check_programs(contents));
    std::string plan = canonical_json(contents.plan);
    std::string wiring = canonical_json(contents.wiring);
    std::string references = references_json(contents);
    std::string preferences = canonical_json(contents.preferences);
    std::string programs = dev::ir::canonical_json(contents.programs);
    std::vector<Section> sections{section("plan", as_bytes(plan)), section("wiring", as_bytes(wiring)),
                                  section("references", as_bytes(references))};
    if (!contents.preferences.empty()) sections.push_back(section("preferences", as_bytes(preferences)));
    if (!contents.programs.empty()) sections.push_back(section("devices", as_bytes(programs)));
    for (const auto& [level, bytes] : contents.code) sections.push_back(section(code_section(level), bytes));
    for (const auto& [name, bytes] : contents.tables) sections.push_back(section(name, bytes));
    if (!contents.script.empty()) sections.push_back(section("script", contents.script));
    for (const auto& [id, bytes] : contents.images)
        sections.push_back({"image:" + id, bytes, contents.plan.find_image(id)->digest});
    for (const Section& section : sections) {
        if (section_rank(section.name) < 0 || section.name.size() >= kEntryNameSize) {
            return fail(ErrorCode::kInvalidArgument, "'{}' is not a section of a bundle", section.name);
        }
    }
    if (sections.size() > kMaxSections)
        return fail(ErrorCode::kInvalidArgument, "{} sections; at most {}", sections.size(), kMaxSections);
    const Bytes head = make_head(sections);
    return use(lay_out(head, sections));
}

}  // namespace

Result<Bytes> write_bundle(const BundleContents& contents) {
    Bytes bytes;
    NYX_TRY(with_pieces(contents, [&](std::span<const ByteView> pieces) -> Status {
        for (ByteView piece : pieces) bytes.insert(bytes.end(), piece.begin(), piece.end());
        return {};
    }));
    return bytes;
}

Status write_bundle_file(const std::string& path, const BundleContents& contents) {
    return with_pieces(contents, [&](std::span<const ByteView> pieces) { return write_file(path, pieces); });
}

}  // namespace nyx::plan
