// The device types of stdlib and the code behind them say the same.
#include <doctest/doctest.h>

#include "devices/catalog.h"
#include "devices/programs/programs.h"
#include "tests/unit/compiler/check/fixture.h"

namespace nyx::check {

namespace {

// Settings that compiler/place fills from the rest of the machine.
bool is_placed(std::string_view setting) {
    return setting == "bar" || setting == "line" || setting == "slot" || setting == "mac";
}

// What a plan gives a device of this schema, in the order of the plan.
struct Shape {
    std::vector<std::uint64_t> pio;
    std::vector<std::uint64_t> mmio;
    std::size_t lines = 0;
    std::vector<const FieldSpec*> settings;
};

Shape shape_of(const Schema& schema) {
    Shape shape;
    for (const FieldSpec& field : schema.fields) {
        switch (field.type.kind) {
            case TypeKind::kIoport:
                shape.pio.push_back(field.type.extent);
                break;
            case TypeKind::kMmio:
                shape.mmio.push_back(field.type.extent);
                break;
            case TypeKind::kGsi:
                ++shape.lines;
                break;
            default:
                if (!field.type.host) shape.settings.push_back(&field);
        }
    }
    return shape;
}

Shape shape_of(const dev::DeviceType& type) {
    Shape shape;
    for (const dev::RegionSpec& region : type.regions) {
        (region.space == dev::Space::kPio ? shape.pio : shape.mmio).push_back(region.size);
    }
    shape.lines = type.lines.size();
    return shape;
}

}  // namespace

TEST_CASE("every device type of stdlib is in the catalog, and the other way round") {
    Program program("");
    CHECK(program.schemas.members("device").size() == dev::types().size() + dev::programs::names().size());
    for (const std::string_view name : dev::programs::names()) CHECK(program.schemas.member("device", name) != nullptr);
    for (const dev::DeviceType* type : dev::types()) {
        CAPTURE(type->name);
        const Schema* schema = program.schemas.member("device", type->name);
        REQUIRE(schema);
        Shape declared = shape_of(*schema);
        Shape built = shape_of(*type);
        CHECK(declared.pio == built.pio);
        CHECK(declared.mmio == built.mmio);
        CHECK(declared.lines == built.lines);
        auto authors = std::count_if(type->settings.begin(), type->settings.end(),
                                     [](const dev::SettingSpec& s) { return !is_placed(s.name); });
        // The address of a card is a text until compiler/place has read it.
        const std::size_t addresses = schema->find("mac") != nullptr ? 1 : 0;
        REQUIRE(declared.settings.size() == static_cast<std::size_t>(authors) + type->texts.size() + addresses);
        for (const dev::TextSpec& text : type->texts) {
            const FieldSpec* field = schema->find(text.name);
            REQUIRE(field);
            CHECK(field->type.kind == TypeKind::kString);
        }
        for (const dev::SettingSpec& setting : type->settings) {
            if (is_placed(setting.name)) continue;
            CAPTURE(setting.name);
            const FieldSpec* field = schema->find(setting.name);
            REQUIRE(field);
            if (field->type.kind == TypeKind::kBool) {
                CHECK((setting.min == 0 && setting.max == 1));
                CHECK(field->default_value->as_bool() == (setting.default_value != 0));
                continue;
            }
            CHECK(field->type.min == setting.min);
            CHECK(field->type.max == setting.max);
            CHECK(field->type.step == setting.step);
            CHECK(field->default_value->as_int() == setting.default_value);
        }
    }
}

}  // namespace nyx::check
