#include "runtime/plan/setting_reader.h"

namespace nyx::plan {

using json::Json;
using json::Problem;
using json::type_word;

Setting read_setting(const Json& value, const std::string& path, Problem& problem) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_float()) return value.get<double>();
    if (value.is_string()) return value.get<std::string>();
    bool fits = !value.is_number_unsigned() || value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
    if (value.is_number_integer() && fits) return value.get<std::int64_t>();
    std::vector<std::string> list;
    if (!value.is_array() || value.size() > 256)
        problem.note(path, fmt::format("{} cannot be a setting", type_word(value)));
    if (value.is_array()) {
        for (const Json& one : value) {
            if (!one.is_string()) problem.note(path, "a list that holds something else than texts");
            if (one.is_string()) list.push_back(one.get<std::string>());
        }
    }
    return list;
}

std::map<std::string, Setting> read_settings(const Json& object, const std::string& path, Problem& problem) {
    std::map<std::string, Setting> settings;
    if (!object.is_object() || object.size() > 64) {
        problem.note(path, "is not an object of at most 64 settings");
        return settings;
    }
    for (const auto& [name, value] : object.items()) settings[name] = read_setting(value, path + "." + name, problem);
    return settings;
}

}  // namespace nyx::plan
