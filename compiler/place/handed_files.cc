#include "compiler/place/handed_files.h"

#include <algorithm>
#include <map>

#include "compiler/place/images.h"
#include "runtime/plan/fw_cfg_files.h"

namespace nyx::place {

using diagnostics::Code;

namespace {

class FilePlacer {
  public:
    explicit FilePlacer(diagnostics::Sink& sink) : sink_(sink) {}

    void add(const model::HandedFile& file) {
        const bool is_named = check_name(file.name);
        const std::optional<Bytes> content = content_of(file);
        if (!is_named || !content || !check_room(file, content->size())) return;
        files_.push_back({file.name.value, *content});
    }

    std::vector<plan::FwCfgFile> take() { return std::move(files_); }

  private:
    bool check_name(const model::Sourced<std::string>& name) {
        const auto is_printable = [](char c) { return c > ' ' && c <= '~'; };
        if (name.value.empty() || !std::ranges::all_of(name.value, is_printable)) {
            sink_
                .report(Code::kHandedFile, name.where,
                        "the name of a file of fw_cfg has printable characters, and no spaces")
                .help("such as \"opt/org.example/name\"");
            return false;
        }
        if (name.value.size() > plan::kFwCfgNameMax) {
            sink_.report(Code::kHandedFile, name.where,
                         fmt::format("this name has {} characters, and fw_cfg has room for {}", name.value.size(),
                                     plan::kFwCfgNameMax));
            return false;
        }
        const auto [first, is_new] = names_.emplace(name.value, name.where);
        if (!is_new)
            sink_
                .report(Code::kHandedFile, name.where, fmt::format("two files of fw_cfg are called '{}'", name.value),
                        "the second")
                .label(first->second, "the first");
        return is_new;
    }

    std::optional<Bytes> content_of(const model::HandedFile& file) {
        if (const auto* text = std::get_if<model::Sourced<std::string>>(&file.content)) {
            const ByteView bytes = as_bytes(text->value);
            return Bytes(bytes.begin(), bytes.end());
        }
        const auto opened = open_image(plan::kFwCfgImage, std::get<model::Sourced<model::Image>>(file.content), sink_);
        if (!opened) return std::nullopt;
        // As much as could ever be of use: what is too large is not brought into memory.
        const ByteView bytes = opened->bytes().first(std::min(opened->bytes().size(), plan::kFwCfgBytesMax + 1));
        return Bytes(bytes.begin(), bytes.end());
    }

    bool check_room(const model::HandedFile& file, std::size_t size) {
        bytes_ += size;
        if (bytes_ > plan::kFwCfgBytesMax) {
            if (!is_full_)
                sink_
                    .report(
                        Code::kHandedFile, file.name.where,
                        fmt::format("with this file there are more than {} MiB for fw_cfg", plan::kFwCfgBytesMax >> 20))
                    .help("give the guest what is large as a disk");
            is_full_ = true;
        } else if (files_.size() == plan::kFwCfgFilesMax && !is_full_) {
            sink_.report(Code::kHandedFile, file.name.where,
                         fmt::format("fw_cfg has {} files at most", plan::kFwCfgFilesMax));
            is_full_ = true;
        }
        return !is_full_;
    }

    diagnostics::Sink& sink_;
    std::map<std::string, Span> names_;
    std::vector<plan::FwCfgFile> files_;
    std::size_t bytes_ = 0;
    bool is_full_ = false;
};

}  // namespace

void place_files(const model::Machine& machine, PlacedMachine& placed, diagnostics::Sink& sink) {
    FilePlacer placer(sink);
    for (const model::Device& device : machine.devices)
        for (const model::HandedFile& file : device.files) placer.add(file);
    std::vector<plan::FwCfgFile> files = placer.take();
    if (files.empty()) return;
    PlacedImage image{plan::kFwCfgImage, {}, plan::kFwCfgImage, {}, plan::fw_cfg_image(std::move(files))};
    placed.plan.images.push_back({image.id, sha256(image.made), image.made.size()});
    placed.images.push_back(std::move(image));
}

}  // namespace nyx::place
