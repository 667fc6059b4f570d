#include "compiler/model/model_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace nyx::model {

namespace {

using Json = nlohmann::ordered_json;

const char* unit_name(Unit unit) {
    switch (unit) {
        case Unit::kNone:
            return "";
        case Unit::kBytes:
            return "bytes";
        case Unit::kNanoseconds:
            return "nanoseconds";
        case Unit::kBitsPerSecond:
            return "bits per second";
        case Unit::kHertz:
            return "hertz";
    }
    return "";
}

class Printer {
  public:
    explicit Printer(const source::SourceMap& sources) : sources_(sources) {}

    Json machine(const Machine& machine) {
        Json json;
        json["name"] = machine.name;
        if (!machine.doc.empty()) json["doc"] = machine.doc;
        json["where"] = place(machine.where);
        json["memory"] = sourced(machine.memory.value, machine.memory, Unit::kBytes);
        json["cpus"] = sourced(machine.cpus.value, machine.cpus);
        json["cpu"] = sourced(profile(machine.cpu.value), machine.cpu);
        json["pit"] = sourced(machine.pit.value, machine.pit);
        json["acpi"] = sourced(machine.acpi.value, machine.acpi);
        json["boot"] =
            std::visit([&](const auto& boot) { return sourced(protocol(boot), machine.boot); }, machine.boot.value);
        if (machine.accelerator) json["accelerator"] = text(*machine.accelerator);
        if (machine.irqchip) json["irqchip"] = text(*machine.irqchip);
        json["devices"] = Json::array();
        for (const Device& one : machine.devices) json["devices"].push_back(device(one));
        return json;
    }

  private:
    std::string place(Span span) const {
        if (!span.known()) return "";
        source::Position at = sources_.position(span.file, span.begin);
        return fmt::format("{}:{}:{}", sources_.file(span.file).path, at.line, at.column);
    }

    template <class T>
    Json sourced(Json value, const Sourced<T>& from, Unit unit = Unit::kNone) const {
        Json json{{"value", std::move(value)}};
        if (unit != Unit::kNone) json["unit"] = unit_name(unit);
        json["where"] = place(from.where);
        json["default"] = from.is_default;
        return json;
    }

    static Json bits(const std::vector<CpuidBits>& all) {
        Json json = Json::array();
        for (const CpuidBits& one : all) {
            json.push_back({{"leaf", fmt::format("{:#x}", one.leaf)},
                            {"subleaf", one.subleaf},
                            {"register", fmt::format("e{}x", one.reg)},
                            {"clear", fmt::format("{:#x}", one.clear)},
                            {"require", fmt::format("{:#x}", one.require)}});
        }
        return json;
    }

    static Json profile(const CpuProfile& cpu) {
        Json quirks = Json::object();
        for (const auto& [host, hidden] : cpu.quirks) quirks[host] = bits(hidden);
        return {{"profile", cpu.name}, {"bits", bits(cpu.bits)}, {"quirks", std::move(quirks)}};
    }

    Json image(const Sourced<Image>& image) const { return sourced(image.value.written, image); }
    Json image(const std::optional<Sourced<Image>>& image) const { return image ? this->image(*image) : Json(); }
    Json text(const Sourced<std::string>& text) const { return sourced(text.value, text); }

    Json protocol(const BootLinux& boot) const {
        return {{"protocol", "linux"},
                {"kernel", image(boot.kernel)},
                {"initrd", image(boot.initrd)},
                {"cmdline", text(boot.cmdline)}};
    }
    Json protocol(const BootElf& boot) const { return {{"protocol", "elf"}, {"image", image(boot.image)}}; }
    Json protocol(const BootPvh& boot) const {
        return {{"protocol", "pvh"},
                {"image", image(boot.image)},
                {"initrd", image(boot.initrd)},
                {"cmdline", text(boot.cmdline)}};
    }
    Json protocol(const BootMultiboot& boot) const {
        return {{"protocol", "multiboot"},
                {"kernel", image(boot.image)},
                {"module", image(boot.module)},
                {"cmdline", text(boot.cmdline)}};
    }
    Json protocol(const BootFlat& boot) const {
        constexpr const char* kModes[] = {"real16", "protected32", "long64"};
        return {{"protocol", "flat"},
                {"image", image(boot.image)},
                {"load", sourced(boot.load.value, boot.load)},
                {"entry", sourced(boot.entry.value, boot.entry)},
                {"mode", sourced(kModes[static_cast<std::size_t>(boot.mode.value)], boot.mode)}};
    }
    Json protocol(const BootFirmware& boot) const { return {{"protocol", "firmware"}, {"image", image(boot.image)}}; }

    Json resource(const ResourceRequest& wanted) const {
        constexpr const char* kKinds[] = {"ioport", "mmio", "gsi"};
        Json json{
            {"field", wanted.field}, {"kind", kKinds[static_cast<std::size_t>(wanted.kind)]}, {"size", wanted.size}};
        if (wanted.alignment > 1) json["alignment"] = wanted.alignment;
        json["fixed"] = wanted.fixed ? sourced(wanted.fixed->value, *wanted.fixed) : Json();
        json["candidates"] = wanted.candidates;
        if (!wanted.follows.empty()) json["follows"] = wanted.follows;
        return json;
    }

    Json fields(const std::map<std::string, Field>& all) const {
        Json json = Json::object();
        for (const auto& [name, field] : all) {
            json[name] =
                sourced(std::visit([](const auto& value) { return Json(value); }, field.value), field, field.unit);
        }
        return json;
    }

    Json handed(const HandedFile& file) const {
        Json json{{"name", text(file.name)}};
        if (const auto* content = std::get_if<Sourced<std::string>>(&file.content)) json["content"] = text(*content);
        if (const auto* content = std::get_if<Sourced<Image>>(&file.content)) json["file"] = image(*content);
        return json;
    }

    Json device(const Device& device) const {
        Json json{{"name", device.name},
                  {"type", device.type},
                  {"where", place(device.where)},
                  {"default", device.is_default}};
        json["resources"] = Json::array();
        for (const ResourceRequest& wanted : device.resources) json["resources"].push_back(resource(wanted));
        json["fields"] = fields(device.fields);
        json["host"] = fields(device.host);
        for (const HandedFile& file : device.files) json["files"].push_back(handed(file));
        return json;
    }

    const source::SourceMap& sources_;
};

}  // namespace

std::string to_json(const Machine& machine, const source::SourceMap& sources) {
    // A text that is not UTF-8 is printed as far as it goes.
    return Printer(sources).machine(machine).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nyx::model
