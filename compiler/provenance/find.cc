#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/provenance/provenance.h"

namespace nyx::provenance {

using model::Origin;
using model::OriginStep;

namespace {

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= path.size();) {
        std::size_t dot = std::min(path.find('.', begin), path.size());
        parts.push_back(path.substr(begin, dot - begin));
        begin = dot + 1;
    }
    return parts;
}

std::string joined(const std::string& path, const std::string& part) {
    return path.empty() ? part : fmt::format("{}.{}", path, part);
}

std::string names_of(std::span<const Subject> machines) {
    std::vector<std::string> names;
    for (const Subject& one : machines) names.push_back(one.machine->name);
    return fmt::format("{}", fmt::join(names, ", "));
}

// Whether something lies between: names may have dots in them.
bool is_deeper(const model::Origins& all, const std::string& prefix, const std::string& rest) {
    for (std::size_t dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.', dot + 1)) {
        if (all.contains(prefix + rest.substr(0, dot))) return true;
    }
    return false;
}

// The names right below a path.
std::vector<std::string> names_in(const model::Origins& all, const std::string& path) {
    std::vector<std::string> names;
    std::string prefix = path.empty() ? "" : path + ".";
    for (auto at = all.lower_bound(prefix); at != all.end() && at->first.starts_with(prefix); ++at) {
        std::string rest = at->first.substr(prefix.size());
        if (!rest.empty() && !is_deeper(all, prefix, rest)) names.push_back(rest);
    }
    return names;
}

class Finder {
  public:
    explicit Finder(const Subject& subject) : subject_(subject), all_(subject.machine->origins) {}

    Result<Answer> find(std::vector<std::string> parts) const {
        drop_device_type(parts);
        std::string path;
        std::string part;
        for (const std::string& one : parts) {
            if (one.empty()) return fail(unknown(path, one));
            part = joined(part, one);
            std::string next = joined(path, part);
            if (!all_.contains(next)) continue;
            path = next;
            part.clear();
        }
        if (!part.empty()) return fail(unknown(path, part));
        return answer(path);
    }

  private:
    // "serial.com1" is com1 where that is a serial.
    void drop_device_type(std::vector<std::string>& parts) const {
        if (parts.size() < 2) return;
        for (const model::Device& device : subject_.machine->devices) {
            if (device.type == parts[0] && device.name == parts[1]) {
                parts.erase(parts.begin());
                return;
            }
        }
    }

    Error unknown(const std::string& path, const std::string& part) const {
        std::vector<std::string> names = names_in(all_, path);
        std::string where = joined(subject_.machine->name, path);
        if (path.empty()) where = subject_.machine->name;
        Error error{ErrorCode::kInvalidArgument, fmt::format("{} has no `{}`", where, part), {}};
        if (names.empty()) {
            error.message = fmt::format("{} is a value, and nothing is in it", where);
        } else if (auto meant = diagnostics::did_you_mean(part, names)) {
            error.hint = fmt::format("did you mean `{}.{}`?", where, *meant);
        } else {
            error.hint = fmt::format("it has: {}", fmt::join(names, ", "));
        }
        return error;
    }

    Answer answer(const std::string& path) const {
        Answer found;
        found.path = path.empty() ? subject_.machine->name : joined(subject_.machine->name, path);
        found.origin = all_.find(path)->second;
        add_placement(path, found.origin);
        for (const std::string& name : names_in(all_, path)) found.inside.push_back(answer(joined(path, name)));
        return found;
    }

    // What compiler/place gave stands before what was asked of it.
    void add_placement(const std::string& path, Origin& origin) const {
        using Kind = model::ResourceRequest::Kind;
        for (const place::Placement& placed : subject_.placements) {
            if (joined(placed.device, placed.field) != path || placed.is_fixed) continue;
            std::string value =
                placed.kind == Kind::kGsi ? fmt::to_string(placed.range.base) : fmt::format("{:#x}", placed.range.base);
            origin.steps.insert(
                origin.steps.begin(),
                {OriginStep::Kind::kAssigned, subject_.machine->name, value, placed.where, {}, placed.reason});
        }
    }

    const Subject& subject_;
    const model::Origins& all_;
};

}  // namespace

Result<Answer> find(std::span<const Subject> machines, const std::string& path) {
    for (const Subject& one : machines) {
        const std::string& name = one.machine->name;
        if (path == name) return Finder(one).find({});
        if (path.starts_with(name + ".")) return Finder(one).find(split(path.substr(name.size() + 1)));
    }
    std::vector<std::string> parts = split(path);
    if (machines.size() == 1) return Finder(machines.front()).find(std::move(parts));
    if (machines.empty()) return fail(Error{ErrorCode::kInvalidArgument, "the file describes no machine", {}});
    std::vector<std::string> names;
    for (const Subject& one : machines) names.push_back(one.machine->name);
    Error error{ErrorCode::kInvalidArgument, fmt::format("there is no machine `{}`", parts.front()), {}};
    auto meant = diagnostics::did_you_mean(parts.front(), names);
    error.hint = meant ? fmt::format("did you mean `{}`?", *meant)
                       : fmt::format("begin with the machine's name: {}", names_of(machines));
    return fail(std::move(error));
}

}  // namespace nyx::provenance
