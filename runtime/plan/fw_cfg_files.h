// The files of a machine's fw_cfg as one image of its bundle: the directory as the guest reads it, and behind it the
// files' bytes, one after the other, in the directory's order.
//
// Source: QEMU docs/specs/fw_cfg.rst, "Data items" and "File directory". Numbers in a directory are big-endian.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::plan {

inline constexpr const char* kFwCfgImage = "fw_cfg";       // id of the image
inline constexpr std::size_t kFwCfgNameMax = 55;           // bytes of a name, without its NUL
inline constexpr std::size_t kFwCfgFilesMax = 1024;        // in a machine
inline constexpr std::size_t kFwCfgBytesMax = 64u << 20u;  // of all files together

struct FwCfgFile {
    std::string name;  // 1 to kFwCfgNameMax printable ASCII characters, no two alike
    Bytes content;
};

// In the order of their names, so that the image follows from the files alone.
Bytes fw_cfg_image(std::vector<FwCfgFile> files);

// The items of an image by their keys. Views into the image, which outlives them.
class FwCfgItems {
  public:
    static constexpr std::uint16_t kDirectory = 0x19, kFirstFile = 0x20;

    // An empty directory.
    FwCfgItems();
    // Everything is checked here. kCorrupt: sizes, keys or names that fw_cfg_image() would not have written.
    static Result<FwCfgItems> read(ByteView image);

    // Nothing where no item has that key.
    ByteView item(std::uint16_t key) const;

  private:
    ByteView directory_;
    std::vector<ByteView> files_;
};

}  // namespace nyx::plan
