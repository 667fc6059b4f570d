#include "compiler/driver/code_cache.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "devices/ir/program_json.h"
#include "nyx_version.h"
#include "runtime/base/file.h"
#include "runtime/plan/exit_abi.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/trusted_code.h"

namespace nyx::driver {

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20;

std::string folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
        return std::string(cache) + "/nyx/code";
    const char* home = std::getenv("HOME");
    return home != nullptr && *home == '/' ? std::string(home) + "/.cache/nyx/code" : std::string();
}

std::string path_of(const Digest& key) {
    return folder() + "/" + to_hex(key);
}

// Another build of nyxc may generate other code.
std::string own_build() {
    struct stat self{};
    if (::stat("/proc/self/exe", &self) != 0) return {};
    return fmt::format("{} {} {}.{}", NYX_VERSION, self.st_size, self.st_mtim.tv_sec, self.st_mtim.tv_nsec);
}

// SHA-256 of the rest; then for each level its size, 0 where it is left out, and its bytes.
Bytes encoded(const std::map<std::string, Bytes>& code) {
    ByteWriter out;
    for (const char* level : plan::kCodeLevels) {
        const auto found = code.find(level);
        out.write<std::uint64_t>(found == code.end() ? 0 : found->second.size());
        if (found != code.end()) out.write(ByteView(found->second));
    }
    ByteWriter whole;
    whole.write(ByteView(sha256(out.bytes())));
    whole.write(ByteView(out.bytes()));
    return whole.take();
}

std::optional<std::map<std::string, Bytes>> decoded(ByteView bytes) {
    constexpr std::size_t kDigest = Digest{}.size();
    if (bytes.size() < kDigest || !std::ranges::equal(sha256(bytes.subspan(kDigest)), bytes.first(kDigest)))
        return std::nullopt;
    bytes = bytes.subspan(kDigest);
    std::map<std::string, Bytes> code;
    for (const char* level : plan::kCodeLevels) {
        if (bytes.size() < 8) return std::nullopt;
        const auto size = load_le<std::uint64_t>(bytes.data());
        bytes = bytes.subspan(8);
        if (size > bytes.size()) return std::nullopt;
        if (size != 0) code[level] = Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        bytes = bytes.subspan(size);
    }
    return code;
}

}  // namespace

Digest code_cache_key(const codegen::ExitCodeInput& input) {
    plan::MachinePlan devices;
    devices.devices = input.plan.devices;
    devices.cpu.count = input.plan.cpu.count;
    std::string text =
        own_build() + "\n" + plan::canonical_json(devices) + "\n" + dev::ir::canonical_json(input.programs) + "\n";
    for (const codegen::HotAccess& hot : input.hot)
        text += hot.device + " " + hot.reg + (hot.is_write ? " write\n" : " read\n");
    return sha256(as_bytes(text));
}

std::optional<std::map<std::string, Bytes>> cached_code(const Digest& key) {
    if (folder().empty() || own_build().empty() || !plan::is_users_own(path_of(key))) return std::nullopt;
    const auto bytes = read_file(path_of(key), kMostBytes);
    return bytes ? decoded(*bytes) : std::nullopt;
}

void keep_code(const Digest& key, const std::map<std::string, Bytes>& code) {
    if (folder().empty() || own_build().empty()) return;
    std::error_code error;
    std::filesystem::create_directories(folder(), error);
    if (!error) (void)write_file(path_of(key), encoded(code), 0600);
}

}  // namespace nyx::driver
