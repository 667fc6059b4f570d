// The options of `nyx boot`, and the .ny text of the machine they describe.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace nyx::cli {

struct BootRequest {
    std::string kernel;
    std::string initrd;
    std::string cmdline = "console=ttyS0";
    std::string binary;
    std::string entry;
    std::string load;
    std::string mode = "64";
    std::vector<std::string> disks;  // images
    bool network = false;            // user-mode
    std::string memory = "512M";
    unsigned cpus = 1;
};

// Files are made absolute, because the text will stand in another folder. kInvalidArgument names the option that is
// wrong or missing.
Result<std::string> boot_source(const BootRequest& request);

}  // namespace nyx::cli
