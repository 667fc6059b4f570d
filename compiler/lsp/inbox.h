// Messages that wait, between the thread that reads them and the one that answers. It knows what has become useless
// while it waited or runs: what was cancelled, and what was asked about a text that has changed since. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace nyx::lsp {

class Inbox {
  public:
    // What is not JSON is kept as a discarded value. Waits while very many messages do.
    void push(std::string_view body);
    // Nothing more will come.
    void close();
    // The next message. wait: until there is one; nothing then means that it is closed.
    std::optional<nlohmann::json> take(bool wait);
    bool empty() const;

    bool was_cancelled(const nlohmann::json& id) const;
    // A later message that waits changes or closes this document.
    bool has_change_of(const std::string& uri) const;

  private:
    static constexpr std::size_t kMaxWaiting = 10'000;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<nlohmann::json> waiting_;
    std::deque<nlohmann::json> cancelled_;  // ids; the oldest are forgotten
    bool closed_ = false;
};

}  // namespace nyx::lsp
