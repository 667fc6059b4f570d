// The program under construction: each constant, name and call site once.
#pragma once

#include <bit>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "runtime/script/program.h"

namespace nyx::lower {

class Tables {
  public:
    script::Program& program() { return *program_; }
    std::unique_ptr<script::Program> take() { return std::move(program_); }

    std::uint32_t constant(std::int64_t value, script::Type type = script::Type::kInt) {
        return intern(integers_, std::pair{type, value}, program_->constants, {type, value, 0, {}});
    }
    std::uint32_t constant(double value) {
        return intern(floats_, std::bit_cast<std::uint64_t>(value), program_->constants,
                      {script::Type::kFloat, 0, value, {}});
    }
    std::uint32_t string(const std::string& text) {
        return intern(strings_, text, program_->constants, {script::Type::kString, 0, 0, text});
    }
    std::uint32_t native(const std::string& name) { return intern(natives_, name, program_->natives, name); }
    std::uint32_t call_site(const std::string& name, std::size_t positional, const std::vector<std::string>& names) {
        auto count = static_cast<std::uint16_t>(positional);
        return intern(sites_, std::tuple{name, count, names}, program_->call_sites, {name, count, names});
    }
    std::uint32_t global(const std::string& name) { return add(program_->globals, name); }
    template <class T>
    static std::uint32_t add(std::vector<T>& table, T item) {
        table.push_back(std::move(item));
        return static_cast<std::uint32_t>(table.size() - 1);
    }

  private:
    template <class Index, class Key, class T>
    static std::uint32_t intern(Index& index, const Key& key, std::vector<T>& table, T item) {
        auto [place, added] = index.emplace(key, static_cast<std::uint32_t>(table.size()));
        if (added) table.push_back(std::move(item));
        return place->second;
    }

    std::unique_ptr<script::Program> program_ = std::make_unique<script::Program>();
    std::map<std::pair<script::Type, std::int64_t>, std::uint32_t> integers_;
    std::map<std::uint64_t, std::uint32_t> floats_;
    std::map<std::string, std::uint32_t> strings_;
    std::map<std::string, std::uint32_t> natives_;
    std::map<std::tuple<std::string, std::uint16_t, std::vector<std::string>>, std::uint32_t> sites_;
};

}  // namespace nyx::lower
