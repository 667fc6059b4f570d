#include "runtime/plan/bundle_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/plan/bundle_format.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/plan_json.h"

namespace nyx::plan {

namespace {

struct Section {
    std::string name;
    ByteView bytes;
};

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

void write_entry(ByteWriter& out, const Section& section, std::uint64_t offset) {
    std::size_t start = out.size();
    out.write(std::string_view(section.name));
    out.zeros(kEntryNameSize - (out.size() - start));
    out.write(offset);
    out.write<std::uint64_t>(section.bytes.size());
    out.write(ByteView(sha256(section.bytes)));
}

Bytes assemble(const std::vector<Section>& sections) {
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
    out.bytes().reserve(end);
    for (const Section& section : sections) {
        out.align(section_alignment(section.name));
        out.write(section.bytes);
    }
    return out.take();
}

}  // namespace

Result<Bytes> write_bundle(const BundleContents& contents) {
    NYX_TRY(check_plan(contents.plan));
    NYX_TRY(check_images(contents));
    NYX_TRY(check_tables(contents));
    std::string plan = canonical_json(contents.plan);
    std::string wiring = canonical_json(contents.wiring);
    std::string references = references_json(contents);
    std::vector<Section> sections{
        {"plan", as_bytes(plan)}, {"wiring", as_bytes(wiring)}, {"references", as_bytes(references)}};
    for (const auto& [name, bytes] : contents.tables) sections.push_back({name, bytes});
    if (!contents.script.empty()) sections.push_back({"script", contents.script});
    for (const auto& [id, bytes] : contents.images) sections.push_back({"image:" + id, bytes});
    for (const Section& section : sections) {
        if (section_rank(section.name) < 0 || section.name.size() >= kEntryNameSize) {
            return fail(ErrorCode::kInvalidArgument, "'{}' is not a section of a bundle", section.name);
        }
    }
    if (sections.size() > kMaxSections)
        return fail(ErrorCode::kInvalidArgument, "{} sections; at most {}", sections.size(), kMaxSections);
    return assemble(sections);
}

}  // namespace nyx::plan
