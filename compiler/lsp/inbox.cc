#include "compiler/lsp/inbox.h"

#include <algorithm>

#include "compiler/lsp/rpc.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxCancelled = 1000;

const json* member(const json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

bool is_method(const json& message, std::string_view method) {
    const json* found = member(message, "method");
    return found && found->is_string() && found->get_ref<const std::string&>() == method;
}

bool is_about(const json& message, const std::string& uri) {
    const json* params = member(message, "params");
    const json* document = params ? member(*params, "textDocument") : nullptr;
    const json* named = document ? member(*document, "uri") : nullptr;
    return named && named->is_string() && named->get_ref<const std::string&>() == uri;
}

}  // namespace

void Inbox::push(std::string_view body) {
    json message = parse_message(body);
    std::unique_lock lock(mutex_);
    if (is_method(message, "$/cancelRequest")) {
        const json* params = member(message, "params");
        const json* id = params ? member(*params, "id") : nullptr;
        if (id) cancelled_.push_back(*id);
        if (cancelled_.size() > kMaxCancelled) cancelled_.pop_front();
        return;
    }
    changed_.wait(lock, [&] { return closed_ || waiting_.size() < kMaxWaiting; });
    waiting_.push_back(std::move(message));
    changed_.notify_all();
}

void Inbox::close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

std::optional<json> Inbox::take(bool wait) {
    std::unique_lock lock(mutex_);
    if (wait) changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return std::nullopt;
    json message = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return message;
}

bool Inbox::empty() const {
    std::lock_guard lock(mutex_);
    return waiting_.empty();
}

bool Inbox::was_cancelled(const json& id) const {
    std::lock_guard lock(mutex_);
    return std::find(cancelled_.begin(), cancelled_.end(), id) != cancelled_.end();
}

bool Inbox::has_change_of(const std::string& uri) const {
    std::lock_guard lock(mutex_);
    return std::any_of(waiting_.begin(), waiting_.end(), [&](const json& message) {
        bool changes = is_method(message, "textDocument/didChange") || is_method(message, "textDocument/didClose");
        return changes && is_about(message, uri);
    });
}

}  // namespace nyx::lsp
