#include "runtime/plan/image_references.h"

#include <filesystem>

#include "runtime/base/json_reader.h"
#include "runtime/plan/bundle_damage.h"

namespace nyx::plan {

Result<ImageReferences> parse_references(std::string_view text) {
    Result<json::Json> document = json::parse_json(text, 1 << 16);
    if (!document) return damaged("section 'references': {}", document.error().message);
    if (!document->is_object()) return damaged("section 'references': not an object");
    ImageReferences references;
    json::Problem problem;
    for (const auto& [id, value] : document->items()) {
        json::ObjectReader object(value, id, problem);
        references[id] = {object.text("path"), object.digest("sha256"), object.number("size")};
        object.finish();
    }
    if (problem.found()) return damaged("section 'references': {}", problem.text());
    if (document->dump() != text) return damaged("section 'references': not in canonical form");
    return references;
}

Result<MappedFile> open_reference(const ImageReference& reference, std::string_view id, const std::string& bundle) {
    std::string path = std::filesystem::path(bundle).parent_path() / reference.path;
    Result<MappedFile> file = MappedFile::open(path);
    if (!file) {
        Error error = std::move(file).error().in(fmt::format("image '{}' of {}", id, bundle));
        error.hint = "the bundle refers to this file: put it back, or build with `--images=embed`";
        return fail(std::move(error));
    }
    Digest found = sha256(file->bytes());
    if (found != reference.digest) {
        return fail({ErrorCode::kCorrupt,
                     fmt::format("{}: not the file that {} was built with: its SHA-256 should be {} and is {}", path,
                                 bundle, to_hex(reference.digest), to_hex(found)),
                     "put the old file back, or build the bundle again"});
    }
    return file;
}

}  // namespace nyx::plan
