// Firecracker's configuration file (`firecracker --config-file`).
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/interchange/importer.h"
#include "compiler/interchange/reasons.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

using Json = nlohmann::json;
constexpr int kMaxDepth = 32;

// Reads with what JSON leaves open decided: a key stands once, and depth has an end.
class Reader {
  public:
    explicit Reader(Importer& importer) : in_(importer) {}

    std::optional<Json> read() {
        std::string_view text = in_.text();
        auto look = [this](int depth, Json::parse_event_t event, Json& value) { return allowed(depth, event, value); };
        try {
            Json json = Json::parse(text.begin(), text.end(), look);
            if (!problem_.empty()) return refuse(text.find(problem_key_), problem_);
            return json;
        } catch (const Json::parse_error& error) {
            return refuse(error.byte > 0 ? error.byte - 1 : 0, "this is no JSON");
        } catch (const Json::exception&) {
            return refuse(0, "a number is out of range");
        }
    }

  private:
    std::nullopt_t refuse(std::size_t at, const std::string& message) {
        in_.mistake(at, at + 1, message);
        return std::nullopt;
    }
    bool allowed(int depth, Json::parse_event_t event, Json& value) {
        if (depth > kMaxDepth) problem_ = "values are nested too deeply";
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        if (event == Json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
        if (event == Json::parse_event_t::key && !keys_.empty()) {
            auto key = value.get<std::string>();
            if (!keys_.back().insert(key).second) {
                problem_ = fmt::format("the key `{}` stands twice", one_line(key));
                problem_key_ = "\"" + key + "\"";
            }
        }
        return depth <= kMaxDepth;
    }

    Importer& in_;
    std::vector<std::set<std::string>> keys_;
    std::string problem_;
    std::string problem_key_;
};

class Configuration {
  public:
    Configuration(Importer& importer, const Json& json) : in_(importer), json_(json) {}

    void read() {
        for (const auto& [section, value] : json_.items()) {
            if (section == "boot-source") {
                boot_source(value);
            } else if (section == "machine-config") {
                machine_config(value);
            } else if (section == "entropy" && value.is_object()) {
                in_.machine.has_rng = true;
            } else if (value.is_array()) {
                for (const Json& item : value) {
                    if (section == "drives" && item.is_object() && item.contains("path_on_host")) {
                        drive(item);
                        continue;
                    }
                    if (section == "network-interfaces" && item.is_object()) {
                        interface(item);
                        continue;
                    }
                    in_.machine.lose(what(section, item), reason_for(section), line({section}));
                }
            } else if (!value.is_null()) {
                in_.machine.lose(what(section, value), reason_for(section), line({section}));
            }
        }
        if (!root_of_cmdline_.empty() && in_.machine.boot.cmdline.find("root=") == std::string::npos)
            in_.machine.boot.cmdline += (in_.machine.boot.cmdline.empty() ? "" : " ") + root_of_cmdline_;
        ImportedSerial com1;
        com1.backend = "stdio";  // Firecracker's serial port is its standard input and output
        in_.add_serial(std::move(com1), 0);
        if (!json_.contains("boot-source"))
            mistake({}, "there is no `boot-source`, so nothing that the machine could start");
    }

  private:
    using Path = std::vector<std::string>;

    // Keys are unique, so a section's key is where its name stands first behind that of its parent.
    std::pair<std::size_t, std::size_t> place(const Path& path) const {
        std::size_t at = 0;
        std::size_t size = 1;
        for (const std::string& key : path) {
            std::size_t found = in_.text().find("\"" + key + "\"", at);
            if (found == std::string_view::npos) break;
            at = found;
            size = key.size() + 2;
        }
        return {at, at + size};
    }
    std::uint32_t line(const Path& path) const { return in_.line(place(path).first); }
    void mistake(const Path& path, std::string message) {
        auto [begin, end] = place(path);
        in_.mistake(begin, end, std::move(message));
    }

    static std::string what(const std::string& section, const Json& value) {
        std::string text = section;
        if (!value.is_object()) return text;
        for (const char* key : {"drive_id", "iface_id", "id", "path_on_host", "host_dev_name", "uds_path"}) {
            auto found = value.find(key);
            if (found != value.end() && found->is_string()) text += " " + found->get<std::string>();
        }
        return one_line(text);
    }

    std::string text_of(const Json& section, const Path& path) {
        auto found = section.find(path.back());
        if (found == section.end() || found->is_null()) return {};
        if (found->is_string()) return found->get<std::string>();
        mistake(path, fmt::format("`{}` is a text, and this is {}", path.back(), found->type_name()));
        return {};
    }
    std::optional<std::uint64_t> number_of(const Json& section, const Path& path) {
        auto found = section.find(path.back());
        if (found == section.end()) return std::nullopt;
        if (found->is_number_unsigned()) return found->get<std::uint64_t>();
        mistake(path, fmt::format("`{}` is a whole number, and this is {}", path.back(), one_line(found->dump(), 40)));
        return std::nullopt;
    }
    bool is_section(const Json& value, const std::string& name) {
        if (value.is_object()) return true;
        mistake({name}, fmt::format("`{}` is an object, and this is {}", name, value.type_name()));
        return false;
    }

    void boot_source(const Json& value) {
        if (!is_section(value, "boot-source")) return;
        ImportedBoot& boot = in_.machine.boot;
        boot.is_firmware = false;
        boot.image = text_of(value, {"boot-source", "kernel_image_path"});
        boot.initrd = text_of(value, {"boot-source", "initrd_path"});
        boot.cmdline = text_of(value, {"boot-source", "boot_args"});
        if (!value.contains("kernel_image_path"))
            mistake({"boot-source"}, "`boot-source` names no `kernel_image_path`");
    }

    bool flag_of(const Json& section, const char* key) const {
        auto found = section.find(key);
        return found != section.end() && found->is_boolean() && found->get<bool>();
    }
    std::string item_text(const Json& section, const char* key) const {
        auto found = section.find(key);
        return found != section.end() && found->is_string() ? found->get<std::string>() : std::string();
    }

    // Firecracker tells the kernel of the root device by itself, and it is always the first.
    void drive(const Json& item) {
        ImportedDisk disk;
        disk.name = identifier(item_text(item, "drive_id"));
        disk.path = item_text(item, "path_on_host");
        disk.read_only = flag_of(item, "is_read_only");
        const bool is_root = flag_of(item, "is_root_device");
        if (is_root) root_of_cmdline_ = fmt::format("root=/dev/vda {}", disk.read_only ? "ro" : "rw");
        in_.add_disk(std::move(disk), "", line({"drives"}));
        if (is_root) std::rotate(in_.machine.disks.begin(), in_.machine.disks.end() - 1, in_.machine.disks.end());
    }
    void interface(const Json& item) {
        ImportedNet net;
        net.name = identifier(item_text(item, "iface_id"));
        net.network = "tap";
        net.interface = item_text(item, "host_dev_name");
        net.mac = item_text(item, "guest_mac");
        in_.add_net(std::move(net), line({"network-interfaces"}));
    }

    void machine_config(const Json& value) {
        const std::string name = "machine-config";
        if (!is_section(value, name)) return;
        if (auto mib = number_of(value, {name, "mem_size_mib"})) {
            auto [begin, end] = place({name, "mem_size_mib"});
            in_.set_memory(*mib > (std::uint64_t{1} << 40) ? ~std::uint64_t{0} : *mib << 20, begin, end);
        }
        if (auto count = number_of(value, {name, "vcpu_count"})) {
            auto [begin, end] = place({name, "vcpu_count"});
            in_.set_cpus(*count, begin, end);
        }
        for (const auto& [key, setting] : value.items()) machine_setting(key, setting);
    }
    void machine_setting(const std::string& key, const Json& value) {
        if (key == "mem_size_mib" || key == "vcpu_count" || value.is_null() || value == false || value == "None")
            return;
        std::string reason = reason_for(key);
        if (key == "smt" || key == "ht_enabled") reason = "each vCPU is a core of its own; their number is the same";
        if (key == "cpu_template")
            reason = "the guest sees the host's processor; `cpu = x86_64_v2` is what many hosts share";
        if (key == "track_dirty_pages") reason = "snapshots are not in this build";
        in_.machine.lose(fmt::format("{} = {}", one_line(key), one_line(value.dump(), 40)), reason,
                         line({"machine-config", key}));
    }

    Importer& in_;
    const Json& json_;
    std::string root_of_cmdline_;
};

}  // namespace

void import_firecracker(Importer& importer) {
    std::optional<Json> json = Reader(importer).read();
    if (!json) return;
    if (!json->is_object()) {
        importer.mistake(0, 1,
                         fmt::format("a configuration of Firecracker is an object, and this is {}", json->type_name()));
        return;
    }
    Configuration(importer, *json).read();
    if (!importer.machine.memory) importer.machine.memory = std::uint64_t{128} << 20;  // Firecracker's default
}

}  // namespace nyx::interchange
