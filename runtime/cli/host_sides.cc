#include "runtime/cli/host_sides.h"

#include <filesystem>

#include "devices/network/slirp_link.h"
#include "devices/network/tap_link.h"
#include "devices/storage/open_image.h"
#include "runtime/base/port_forward.h"
#include "runtime/plan/fw_cfg_files.h"
#include "runtime/plan/wiring.h"

namespace nyx::cli {
namespace {

namespace fs = std::filesystem;

bool is_disk(const plan::DevicePlan& device) {
    return device.type == "disk" || device.type == "pci_disk";
}

bool is_network_card(const plan::DevicePlan& device) {
    return device.type == "net" || device.type == "pci_net";
}

using Settings = std::map<std::string, plan::Setting>;

template <class T>
const T* setting_of(const Settings& settings, const char* name) {
    auto found = settings.find(name);
    return found == settings.end() ? nullptr : std::get_if<T>(&found->second);
}

Result<std::string> image_of(const plan::DevicePlan& device, const plan::Bundle& bundle) {
    auto settings = bundle.wiring().find(device.name);
    const auto* path =
        settings == bundle.wiring().end() ? nullptr : setting_of<std::string>(settings->second, plan::kDiskImage);
    if (path != nullptr) return (fs::path(bundle.path()).parent_path() / *path).lexically_normal().string();
    return fail(ErrorCode::kCorrupt, "{}: the bundle does not say which image the disk '{}' has", bundle.path(),
                device.name);
}

// "network" is "user" with "network.forward", "tap" with "network.interface", or "none".
Result<std::unique_ptr<dev::NetworkLink>> open_link(const Settings& settings) {
    const auto* kind = setting_of<std::string>(settings, "network");
    if (kind == nullptr || *kind == "unplugged") return nullptr;
    if (*kind == "tap") {
        const auto* interface = setting_of<std::string>(settings, "network.interface");
        NYX_ASSIGN(std::unique_ptr<dev::TapLink> tap, dev::TapLink::open(interface != nullptr ? *interface : ""));
        return std::unique_ptr<dev::NetworkLink>(std::move(tap));
    }
    std::vector<PortForward> forwards;
    if (const auto* texts = setting_of<std::vector<std::string>>(settings, "network.forward")) {
        for (const std::string& text : *texts) {
            NYX_ASSIGN(PortForward forward, parse_forward(text));
            forwards.push_back(forward);
        }
    }
    NYX_ASSIGN(std::unique_ptr<dev::SlirpLink> user, dev::SlirpLink::create(forwards));
    return std::unique_ptr<dev::NetworkLink>(std::move(user));
}

}  // namespace

Result<HostSides> HostSides::open(const plan::Bundle& bundle, const RunOptions& options) {
    HostSides sides;
    for (const plan::DevicePlan& device : bundle.plan().devices) {
        if (is_network_card(device)) NYX_TRY(sides.open_network(device, bundle.wiring(), options));
        if (device.type == "fw_cfg") NYX_TRY(sides.open_files(device, bundle));
        if (device.type == "vm_generation_id") NYX_TRY(sides.read_generation(device, bundle.wiring()));
        if (!is_disk(device)) continue;
        NYX_ASSIGN(std::string path, image_of(device, bundle));
        NYX_TRY(sides.open_disk(device, path, options));
    }
    return sides;
}

// A machine without files has no image of them.
Status HostSides::open_files(const plan::DevicePlan& device, const plan::Bundle& bundle) {
    if (bundle.plan().find_image(plan::kFwCfgImage) == nullptr) return {};
    auto image = bundle.image(plan::kFwCfgImage);
    if (!image) return fail(std::move(image).error().in(device.name));
    files_.emplace(device.name, std::move(*image));
    return {};
}

Status HostSides::read_generation(const plan::DevicePlan& device, const plan::HostWiring& wiring) {
    const auto settings = wiring.find(device.name);
    const auto* text = settings == wiring.end() ? nullptr : setting_of<std::string>(settings->second, "guid");
    if (text == nullptr) return {};
    const std::optional<Guid> guid = parse_guid(*text);
    if (!guid) return fail(ErrorCode::kCorrupt, "{}: \"{}\" is no generation id", device.name, *text);
    generations_[device.name] = *guid;
    return {};
}

// What others send, and when, is in no recording and cannot be had again.
Status HostSides::open_network(const plan::DevicePlan& device, const plan::HostWiring& wiring,
                               const RunOptions& options) {
    auto settings = wiring.find(device.name);
    if (settings == wiring.end()) return {};
    auto link = open_link(settings->second);
    if (!link) return fail(std::move(link).error().in(device.name));
    if (*link == nullptr) return {};
    if (options.machine.turns)
        return fail(Error{ErrorCode::kUnsupported,
                          fmt::format("{}: a deterministic run cannot have a network, because what comes from it is "
                                      "never the same again",
                                      device.name),
                          "set `network = unplugged` in it, or run without --deterministic"});
    networks_[device.name] = std::move(*link);
    return {};
}

Status HostSides::open_disk(const plan::DevicePlan& device, const std::string& path, const RunOptions& options) {
    if (!options.recording.empty())
        return fail(Error{
            ErrorCode::kUnsupported,
            fmt::format("{}: a recording does not hold what a disk holds, so it could not be replayed", device.name),
            "`nyx run --deterministic` runs a machine with a disk, twice the same from equal images"});
    const auto* setting = setting_of<bool>(device.settings, "read_only");
    const bool read_only = setting != nullptr && *setting;
    auto mode = options.machine.turns ? dev::StoreMode::kSynchronous : dev::StoreMode::kAsynchronous;
    auto store = dev::open_image(path, read_only, mode);
    if (!store) return fail(std::move(store).error().in(device.name));
    disks_[device.name] = std::move(*store);
    return {};
}

vm::Blueprint::HostSides HostSides::of(const std::string& device) const {
    vm::Blueprint::HostSides sides;
    if (auto disk = disks_.find(device); disk != disks_.end()) sides.block = disk->second.get();
    if (auto network = networks_.find(device); network != networks_.end()) sides.network = network->second.get();
    if (auto guid = generations_.find(device); guid != generations_.end()) sides.generation = guid->second;
    if (auto files = files_.find(device); files != files_.end()) sides.files = files->second.bytes();
    return sides;
}

}  // namespace nyx::cli
