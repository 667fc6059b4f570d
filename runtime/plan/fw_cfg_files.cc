#include "runtime/plan/fw_cfg_files.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace nyx::plan {

namespace {

// FWCfgFile: size, key, two bytes that are zero, name.
constexpr std::size_t kCountSize = 4, kEntrySize = 64, kKey = 4, kReserved = 6, kName = 8;
constexpr std::array<std::uint8_t, kCountSize> kNoFiles{};

void put_be(std::uint8_t* to, std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
}

std::uint64_t get_be(ByteView bytes, std::size_t at, unsigned size) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value = value << 8 | bytes[at + i];
    return value;
}

Error corrupt(std::string_view what) {
    return Error{ErrorCode::kCorrupt, fmt::format("the files of fw_cfg: {}", what), {}};
}

// Printable, with zeros behind it to the end of its place.
bool is_name(std::string_view place) {
    const std::string_view name = place.substr(0, place.find('\0'));
    const auto is_printable = [](char c) { return c > ' ' && c <= '~'; };
    return !name.empty() && name.size() <= kFwCfgNameMax && std::ranges::all_of(name, is_printable) &&
           place.find_first_not_of('\0', name.size()) == std::string_view::npos;
}

}  // namespace

Bytes fw_cfg_image(std::vector<FwCfgFile> files) {
    std::ranges::sort(files, {}, &FwCfgFile::name);
    Bytes image(kCountSize + files.size() * kEntrySize);
    put_be(image.data(), files.size(), kCountSize);
    std::uint8_t* entry = image.data() + kCountSize;
    for (std::size_t i = 0; i < files.size(); ++i, entry += kEntrySize) {
        put_be(entry, files[i].content.size(), 4);
        put_be(entry + kKey, FwCfgItems::kFirstFile + i, 2);
        std::ranges::copy(files[i].name, entry + kName);
    }
    for (const FwCfgFile& file : files) image.insert(image.end(), file.content.begin(), file.content.end());
    return image;
}

FwCfgItems::FwCfgItems() : directory_(kNoFiles) {}

Result<FwCfgItems> FwCfgItems::read(ByteView image) {
    const std::uint64_t count = image.size() < kCountSize ? ~std::uint64_t{0} : get_be(image, 0, kCountSize);
    const std::uint64_t directory = kCountSize + count * kEntrySize;
    if (count > kFwCfgFilesMax || directory > image.size()) return fail(corrupt("the directory is cut off"));
    FwCfgItems items;
    items.directory_ = image.first(directory);
    std::string_view last;
    std::size_t end = directory;
    for (std::uint64_t i = 0; i < count; ++i) {
        const ByteView entry = image.subspan(kCountSize + i * kEntrySize, kEntrySize);
        const std::string_view name = as_text(entry.subspan(kName));
        const std::uint64_t size = get_be(entry, 0, 4);
        if (get_be(entry, kKey, 2) != kFirstFile + i || get_be(entry, kReserved, 2) != 0 || !is_name(name) ||
            name <= last)
            return fail(corrupt("an entry of the directory is none"));
        if (size > image.size() - end) return fail(corrupt("a file is cut off"));
        items.files_.push_back(image.subspan(end, size));
        end += size;
        last = name;
    }
    if (end != image.size()) return fail(corrupt("something follows the last file"));
    return items;
}

ByteView FwCfgItems::item(std::uint16_t key) const {
    if (key == kDirectory) return directory_;
    return key >= kFirstFile && key - kFirstFile < static_cast<int>(files_.size()) ? files_[key - kFirstFile]
                                                                                   : ByteView{};
}

}  // namespace nyx::plan
