#include "compiler/place/images.h"

#include <algorithm>
#include <filesystem>

#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::place {

using diagnostics::Code;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxListed = 10000;

std::vector<std::string> files_of(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end && names.size() < kMaxListed;
         entry.increment(ignored)) {
        names.push_back(entry->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void report_missing(const model::Sourced<model::Image>& image, diagnostics::Sink& sink) {
    const model::Image& file = image.value;
    fs::path folder = fs::path(file.path).parent_path();
    diagnostics::Diagnostic& finding =
        sink.report(Code::kImageMissing, image.where, fmt::format("there is no file '{}'", file.written),
                    "this file is needed to build the machine");
    std::error_code ignored;
    if (!folder.empty() && !fs::is_directory(folder, ignored)) {
        finding.help(fmt::format("there is no folder '{}' either; paths are relative to the source file",
                                 fs::path(file.written).parent_path().string()));
        return;
    }
    std::vector<std::string> names = files_of(folder.empty() ? "." : folder);
    auto near = diagnostics::did_you_mean(fs::path(file.written).filename().string(), names);
    if (!near) {
        finding.help("paths are relative to the folder of the source file");
        return;
    }
    std::string meant = (fs::path(file.written).parent_path() / *near).string();
    finding.help(fmt::format("did you mean '{}'?", meant))
        .fix(fmt::format("replace by '{}'", meant), diagnostics::Applicability::kMaybeIncorrect, image.where,
             fmt::format("\"{}\"", meant));
}

}  // namespace

std::optional<PlacedImage> open_image(const std::string& id, const model::Sourced<model::Image>& image,
                                      diagnostics::Sink& sink) {
    const model::Image& file = image.value;
    std::error_code ignored;
    if (!fs::exists(file.path, ignored) && !ignored) {
        report_missing(image, sink);
        return std::nullopt;
    }
    auto unreadable = [&](const std::string& why) {
        sink.report(Code::kImageUnreadable, image.where, fmt::format("'{}' cannot be read: {}", file.written, why));
        return std::nullopt;
    };
    if (fs::is_directory(file.path, ignored)) return unreadable("it is a folder");
    if (!fs::is_regular_file(file.path, ignored)) return unreadable("it is not a regular file");
    Result<plan::MappedFile> mapped = plan::MappedFile::open(file.path);
    if (!mapped)
        return unreadable(mapped.error().message.substr(std::min(mapped.error().message.size(), file.path.size() + 2)));
    if (mapped->bytes().empty()) return unreadable("it is empty");
    return PlacedImage{id, file.path, file.written, std::move(*mapped), {}};
}

}  // namespace nyx::place
