#include "compiler/driver/lock_file.h"

#include <nlohmann/json.hpp>

namespace nyx::driver {

namespace {

using Json = nlohmann::json;

Json json_of(const std::map<std::string, Digest>& digests) {
    Json object = Json::object();
    for (const auto& [name, digest] : digests) object[name] = to_hex(digest);
    return object;
}

std::string text_of(const Json& object, const char* key) {
    auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Digest digest_of(const std::string& text) {
    return digest_from_hex(text).value_or(Digest{});
}

std::map<std::string, Digest> digests_of(const Json& object, const char* key) {
    std::map<std::string, Digest> digests;
    auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end() || !found->is_object()) return digests;
    for (const auto& [name, value] : found->items())
        digests[name] = value.is_string() ? digest_of(value.get<std::string>()) : Digest{};
    return digests;
}

void add_changes(const std::map<std::string, Digest>& before, const std::map<std::string, Digest>& after,
                 std::vector<LockChange>& changes) {
    for (const auto& [name, digest] : before) {
        auto now = after.find(name);
        if (now == after.end()) {
            changes.push_back({name, name, to_hex(digest), ""});
        } else if (now->second != digest) {
            changes.push_back({name, name, to_hex(digest), to_hex(now->second)});
        }
    }
    for (const auto& [name, digest] : after) {
        if (!before.contains(name)) changes.push_back({name, name, "", to_hex(digest)});
    }
}

}  // namespace

std::string lock_text(const LockFile& lock) {
    Json machines = Json::object();
    for (const auto& [name, machine] : lock.machines)
        machines[name] = {{"plan", to_hex(machine.plan)}, {"images", json_of(machine.images)}};
    Json document = {{"format", LockFile::kFormat},
                     {"nyxc", lock.nyxc},
                     {"stdlib", to_hex(lock.stdlib)},
                     {"sources", json_of(lock.sources)},
                     {"machines", machines}};
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Reads whatever is there, and then asks whether writing it gives the same text.
Result<LockFile> parse_lock(std::string_view text) {
    constexpr std::size_t kMaxSize = 1 << 20;
    if (text.size() > kMaxSize) return fail(ErrorCode::kCorrupt, "not a lock file: {} bytes", text.size());
    Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    LockFile lock;
    lock.nyxc = text_of(document, "nyxc");
    lock.stdlib = digest_of(text_of(document, "stdlib"));
    lock.sources = digests_of(document, "sources");
    if (document.is_object() && document.contains("machines") && document["machines"].is_object()) {
        for (const auto& [name, machine] : document["machines"].items()) {
            lock.machines[name] = {digest_of(text_of(machine, "plan")), digests_of(machine, "images")};
        }
    }
    if (lock_text(lock) != text) return fail(ErrorCode::kCorrupt, "not a lock file of this nyxc, or edited by hand");
    return lock;
}

std::vector<LockChange> lock_changes(const LockFile& before, const LockFile& after) {
    std::vector<LockChange> changes;
    add_changes(before.sources, after.sources, changes);
    static const LockFile::Machine kNone;
    for (const auto& [name, machine] : after.machines) {
        auto found = before.machines.find(name);
        const LockFile::Machine& old = found == before.machines.end() ? kNone : found->second;
        add_changes(old.images, machine.images, changes);
        if (old.plan == machine.plan) continue;
        changes.push_back({fmt::format("the plan of {}", name), "",
                           found == before.machines.end() ? "" : to_hex(old.plan), to_hex(machine.plan)});
    }
    if (before.stdlib != after.stdlib)
        changes.push_back({"the standard library", "", to_hex(before.stdlib), to_hex(after.stdlib)});
    if (before.nyxc != after.nyxc) changes.push_back({"nyxc", "", before.nyxc, after.nyxc});
    return changes;
}

}  // namespace nyx::driver
