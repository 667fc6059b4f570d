#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <thread>

#include "compiler/lsp/server.h"
#include "compiler/lsp/transport.h"

namespace nyx::lsp {

namespace {

bool write_all(int output, std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t count = ::write(output, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

// Reads until the input ends; so what was cancelled is known while a request waits or runs.
void read_messages(int input, const std::shared_ptr<Inbox>& inbox) {
    MessageReader reader;
    std::array<char, 65536> chunk;
    for (;;) {
        while (auto body = reader.next()) inbox->push(*body);
        ssize_t count = ::read(input, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        reader.append({chunk.data(), static_cast<std::size_t>(count)});
    }
    inbox->close();
}

bool send(const std::vector<nlohmann::json>& messages, int output) {
    for (const nlohmann::json& message : messages) {
        if (!write_all(output, frame(message))) return false;
    }
    return true;
}

// What waits comes before what the edits have left to do.
bool answer_all(Server& server, Inbox& inbox, int output) {
    while (!server.exit_status()) {
        if (auto message = inbox.take(false)) {
            if (!send(server.handle(*message), output)) return false;
        } else if (auto published = server.step()) {
            if (!send(*published, output)) return false;
        } else if (auto next = inbox.take(true)) {
            if (!send(server.handle(*next), output)) return false;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace

int serve(Compiler& compiler, const std::string& version, int input, int output) {
    auto inbox = std::make_shared<Inbox>();
    Server server(compiler, version, inbox.get());
    // It may sit in read() when all is done: it ends with the process, or with its input.
    std::thread(read_messages, input, inbox).detach();
    answer_all(server, *inbox, output);
    inbox->close();
    return server.exit_status().value_or(1);
}

}  // namespace nyx::lsp
