#include "compiler/check/cpu.h"

#include <map>
#include <tuple>

#include "runtime/script/objects.h"

namespace nyx::check {

namespace {

struct Bit {
    model::CpuidBits where;  // its masks are empty
    std::uint32_t mask = 0;
};

std::int64_t integer(const Record& record, std::string_view field) {
    const Typed* value = record.find(field);
    const auto* number = value ? value->get<std::int64_t>() : nullptr;
    return number ? *number : 0;
}

Record defaults_of(const Schema& schema, Typer& typer) {
    Record record{&schema, {}};
    for (const FieldSpec& field : schema.fields) {
        record.values.push_back(field.is_required() ? std::nullopt : typer.default_of(field));
    }
    return record;
}

// The bits of all cpuid registers by name.
class BitTable {
  public:
    BitTable(const Schemas& schemas, Typer& typer) {
        for (const Schema* schema : schemas.members("cpuid")) add(defaults_of(*schema, typer));
    }

    const Bit* find(const std::string& name) const {
        auto found = bits_.find(name);
        return found == bits_.end() ? nullptr : &found->second;
    }

  private:
    void add(const Record& reg) {
        const Typed* name = reg.find("register");
        const Typed* bits = reg.find("bits");
        const auto* text = name ? name->get<std::string>() : nullptr;  // "ecx"
        const auto* numbers = bits ? bits->get<std::vector<NamedNumber>>() : nullptr;
        if (!text || text->size() != 3 || !numbers) return;
        model::CpuidBits where;
        where.leaf = static_cast<std::uint32_t>(integer(reg, "leaf"));
        where.subleaf = static_cast<std::uint32_t>(integer(reg, "subleaf"));
        where.reg = (*text)[1];
        for (const NamedNumber& bit : *numbers) bits_[bit.name] = {where, std::uint32_t{1} << (bit.number & 31)};
    }

    std::map<std::string, Bit> bits_;
};

class BitSet {
  public:
    explicit BitSet(const BitTable& table) : table_(table) {}

    using Mask = std::uint32_t model::CpuidBits::*;

    // field: a list of bit names, or of records with such a list in `features`.
    void add(const Record& from, std::string_view field, Mask mask) {
        const Typed* value = from.find(field);
        const auto* list = value ? value->get<List>() : nullptr;
        if (!list) return;
        for (const Typed& item : list->items) {
            if (const auto* level = item.get<Record>()) add(*level, "features", mask);
            if (const auto* name = item.get<std::string>()) add(*name, mask);
        }
    }

    std::vector<model::CpuidBits> take() const {
        std::vector<model::CpuidBits> all;
        for (const auto& [key, bits] : registers_) all.push_back(bits);
        return all;
    }

  private:
    void add(const std::string& name, Mask mask) {
        const Bit* bit = table_.find(name);
        if (!bit) return;
        const model::CpuidBits& where = bit->where;
        auto [entry, is_new] = registers_.try_emplace({where.leaf, where.subleaf, where.reg}, where);
        entry->second.*mask |= bit->mask;
    }

    const BitTable& table_;
    std::map<std::tuple<std::uint32_t, std::uint32_t, char>, model::CpuidBits> registers_;
};

}  // namespace

std::vector<std::string> cpuid_bit_names(const Schemas& schemas) {
    std::vector<std::string> names;
    for (const Schema* schema : schemas.members("cpuid")) {
        const FieldSpec* bits = schema->find("bits");
        const auto* map = bits && bits->default_value ? bits->default_value->try_as<script::Map>() : nullptr;
        if (!map) continue;
        for (const script::Map::Entry& entry : map->entries()) {
            if (const auto* name = entry.key.try_as<script::String>()) names.emplace_back(name->text);
        }
    }
    return names;
}

model::CpuProfile cpu_profile(const Record& profile, const Schemas& schemas, Typer& typer) {
    BitTable table(schemas, typer);
    model::CpuProfile result;
    result.name = profile.schema->name;
    BitSet bits(table);
    bits.add(profile, "hides", &model::CpuidBits::clear);
    bits.add(profile, "without", &model::CpuidBits::clear);
    bits.add(profile, "needs", &model::CpuidBits::require);
    bits.add(profile, "requires", &model::CpuidBits::require);
    result.bits = bits.take();
    for (const Schema* quirk : schemas.members("host_quirk")) {
        BitSet hidden(table);
        hidden.add(defaults_of(*quirk, typer), "hides", &model::CpuidBits::clear);
        result.quirks[quirk->name] = hidden.take();
    }
    return result;
}

}  // namespace nyx::check
