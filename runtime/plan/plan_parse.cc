// Reading what plan_json.cc writes, from hands we do not trust.
#include <array>

#include "runtime/base/json_reader.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/setting_reader.h"

namespace nyx::plan {

using namespace json;

namespace {

constexpr std::size_t kMaxText = 4 << 20;  // bytes; a plan of 256 devices has about 100 KiB
constexpr std::size_t kMaxList = 1024;

std::vector<CpuidBits> read_bits(const Json& list, const std::string& path, Problem& problem) {
    std::vector<CpuidBits> bits;
    if (!list.is_array() || list.size() > kMaxList) {
        problem.note(path, "is not a list of cpuid bits");
        return bits;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader object(list[i], fmt::format("{}[{}]", path, i), problem);
        CpuidBits one;
        one.leaf = object.number32("leaf");
        one.subleaf = object.number32("subleaf");
        std::string reg = object.text("reg");
        one.reg = reg.size() == 1 ? reg[0] : '?';
        one.clear = object.number32("clear");
        one.require = object.number32("require");
        object.finish();
        bits.push_back(one);
    }
    return bits;
}

CpuPlan read_cpu(const Json& value, Problem& problem) {
    ObjectReader object(value, "cpu", problem);
    CpuPlan cpu;
    cpu.count = object.number32("count");
    cpu.profile = object.text("profile");
    cpu.bits = read_bits(object.at("bits"), "cpu.bits", problem);
    object.each_member("quirks", 16, [&](const std::string& host, const Json& bits, const std::string& path) {
        cpu.quirks[host] = read_bits(bits, path, problem);
    });
    object.finish();
    return cpu;
}

void read_map(ObjectReader& object, MachinePlan& plan, Problem& problem) {
    object.each("ram", kMaxList, [&](const Json& value, const std::string& path) {
        ObjectReader ram(value, path, problem);
        Range range{ram.number("base"), ram.number("size")};
        plan.ram.push_back({range, ram.number("offset")});
        ram.finish();
    });
    object.each("windows", kMaxList, [&](const Json& value, const std::string& path) {
        ObjectReader window(value, path, problem);
        Range range{window.number("base"), window.number("size")};
        plan.windows.push_back({window.text("name"), range});
        window.finish();
    });
    object.each("e820", kMaxList, [&](const Json& value, const std::string& path) {
        ObjectReader entry(value, path, problem);
        Range range{entry.number("base"), entry.number("size")};
        plan.e820.push_back({range, entry.number32("type")});
        entry.finish();
    });
}

DevicePlan read_device(const Json& value, const std::string& path, Problem& problem) {
    ObjectReader object(value, path, problem);
    DevicePlan device;
    device.name = object.text("name");
    device.type = object.text("type");
    auto range_into = [&problem](std::vector<Range>& ranges) {
        return [&](const Json& one, const std::string& at) { ranges.push_back(read_range(one, at, problem)); };
    };
    object.each("pio", kMaxList, range_into(device.pio));
    object.each("mmio", kMaxList, range_into(device.mmio));
    object.each("gsis", kMaxList, [&](const Json& one, const std::string& at) {
        device.gsis.push_back(read_number32(one, at, problem));
    });
    device.settings = read_settings(object.at("settings"), object.path_of("settings"), problem);
    object.finish();
    return device;
}

template <class Enum, std::size_t N>
Enum read_enum(ObjectReader& object, const char* key, const std::array<Enum, N>& all, const char* (*name)(Enum),
               Problem& problem) {
    std::string text = object.text(key);
    for (Enum one : all) {
        if (text == name(one)) return one;
    }
    problem.note(object.path_of(key), fmt::format("'{}' is not known", text));
    return all.front();
}

BootAddresses read_addresses(const Json& value, Problem& problem) {
    ObjectReader object(value, "boot.addresses", problem);
    BootAddresses at;
    at.boot_params = object.number("boot_params");
    at.cmdline = object.number("cmdline");
    at.gdt = object.number("gdt");
    at.page_tables = object.number("page_tables");
    at.stack = object.number("stack");
    at.initrd = object.number("initrd");
    object.finish();
    return at;
}

BootPlan read_boot(const Json& value, Problem& problem) {
    constexpr std::array kProtocols{BootProtocol::kFlat,    BootProtocol::kElf64,      BootProtocol::kPvh,
                                    BootProtocol::kLinux64, BootProtocol::kMultiboot1, BootProtocol::kFirmware};
    constexpr std::array kModes{EntryMode::kReal16, EntryMode::kProtected32, EntryMode::kLong64};
    ObjectReader object(value, "boot", problem);
    BootPlan boot;
    boot.protocol = read_enum(object, "protocol", kProtocols, protocol_name, problem);
    boot.mode = read_enum(object, "mode", kModes, entry_mode_name, problem);
    boot.image = object.text("image");
    const Json& initrd = object.at("initrd");
    if (initrd.is_string()) boot.initrd = initrd.get<std::string>();
    if (!initrd.is_string() && !initrd.is_null()) problem.note("boot.initrd", "is neither a text nor null");
    boot.cmdline = object.text("cmdline");
    boot.load = object.number("load");
    boot.entry = object.number("entry");
    boot.addresses = read_addresses(object.at("addresses"), problem);
    object.finish();
    return boot;
}

void read_payload(ObjectReader& object, MachinePlan& plan, Problem& problem) {
    object.each("images", kMaxList, [&](const Json& value, const std::string& path) {
        ObjectReader image(value, path, problem);
        plan.images.push_back({image.text("id"), image.digest("sha256"), image.number("size")});
        image.finish();
    });
    object.each("tables", kMaxList, [&](const Json& value, const std::string& path) {
        ObjectReader table(value, path, problem);
        plan.tables.push_back(
            {table.text("section"), table.number("address"), table.number("size"), table.digest("sha256")});
        table.finish();
    });
    plan.rsdp = object.number("rsdp");
}

void read_format(ObjectReader& object, MachinePlan& plan, Problem& problem) {
    const std::uint64_t format = object.number("format");
    if (format == MachinePlan::kFormatWithoutPrograms) return;
    if (format != MachinePlan::kFormat) return problem.note("format", fmt::format("is above {}", MachinePlan::kFormat));
    object.each_member("programs", kMaxDevices, [&](const std::string& type, const Json& value, const std::string& at) {
        Result<Digest> digest = digest_from_hex(value.is_string() ? value.get<std::string>() : "");
        if (!digest) return problem.note(at, digest.error().message);
        plan.programs[type] = *digest;
    });
    if (plan.programs.empty()) problem.note("programs", "is empty");
}

MachinePlan read_plan(const Json& document, Problem& problem) {
    ObjectReader object(document, "", problem);
    MachinePlan plan;
    read_format(object, plan, problem);
    plan.name = object.text("name");
    plan.cpu = read_cpu(object.at("cpu"), problem);
    plan.memory_size = object.number("memory_size");
    read_map(object, plan, problem);
    plan.pit = object.boolean("pit");
    plan.acpi = object.boolean("acpi");
    plan.sci_gsi = object.number32("sci_gsi");
    object.each("devices", kMaxList, [&](const Json& value, const std::string& path) {
        plan.devices.push_back(read_device(value, path, problem));
    });
    plan.boot = read_boot(object.at("boot"), problem);
    read_payload(object, plan, problem);
    object.finish();
    return plan;
}

// Key order, spacing, number forms and repeated keys: one comparison refuses whatever is not the one canonical text.
template <class T>
Status check_canonical(const T& value, std::string_view text) {
    if (canonical_json(value) == text) return {};
    return fail(ErrorCode::kCorrupt,
                "the JSON is not in canonical form (key order, spacing, number form or a key twice)");
}

}  // namespace

Result<MachinePlan> parse_plan(std::string_view text) {
    NYX_ASSIGN(Json document, parse_json(text, kMaxText));
    Problem problem;
    MachinePlan plan = read_plan(document, problem);
    if (problem.found()) return fail(ErrorCode::kCorrupt, "{}", problem.text());
    if (Status sound = check_plan(plan); !sound) return fail(ErrorCode::kCorrupt, "{}", sound.error().message);
    NYX_TRY(check_canonical(plan, text));
    return plan;
}

Result<HostWiring> parse_wiring(std::string_view text) {
    NYX_ASSIGN(Json document, parse_json(text, kMaxText));
    if (!document.is_object() || document.size() > kMaxDevices) {
        return fail(ErrorCode::kCorrupt, "not an object of at most {} devices", kMaxDevices);
    }
    Problem problem;
    HostWiring wiring;
    for (const auto& [device, settings] : document.items()) {
        if (!is_plan_name(device)) problem.note(device, "is not a name");
        wiring[device] = read_settings(settings, device, problem);
    }
    if (problem.found()) return fail(ErrorCode::kCorrupt, "{}", problem.text());
    NYX_TRY(check_canonical(wiring, text));
    return wiring;
}

Result<RunPreferences> parse_preferences(std::string_view text) {
    NYX_ASSIGN(Json document, parse_json(text, kMaxText));
    Problem problem;
    ObjectReader object(document, "", problem);
    RunPreferences preferences;
    auto choice = [&](const char* key, std::string_view one, std::string_view other) -> std::string {
        if (!document.is_object() || !document.contains(key)) return {};
        std::string value = object.text(key);
        if (value != one && value != other) problem.note(key, fmt::format("'{}' is not known", value));
        return value;
    };
    preferences.accelerator = choice("accelerator", "kvm", "soft");
    preferences.irqchip = choice("irqchip", "kernel", "user");
    object.finish();
    if (preferences.empty()) problem.note("", "nothing is preferred");
    if (problem.found()) return fail(ErrorCode::kCorrupt, "{}", problem.text());
    NYX_TRY(check_canonical(preferences, text));
    return preferences;
}

}  // namespace nyx::plan
