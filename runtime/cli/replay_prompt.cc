#include "runtime/cli/replay_prompt.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace nyx::cli {
namespace {

constexpr std::uint64_t kMostBytes = 4096;
constexpr std::size_t kLongestLine = 256;

constexpr const char* kHelp =
    "step [N]          execute N instructions, or one\n"
    "back [N]          the same backwards\n"
    "goto N            to instruction N of the run\n"
    "continue          to the end, and compare\n"
    "registers         of every vCPU, with the next instruction\n"
    "memory ADDR LEN   bytes at a guest-physical address\n"
    "digest            instruction counts, SHA-256 of memory and state\n"
    "quit              leave\n";

// Decimal, or hexadecimal after 0x.
Result<std::uint64_t> number_of(const std::string& word) {
    const bool is_hex = word.starts_with("0x");
    const char* begin = word.data() + (is_hex ? 2 : 0);
    const char* end = word.data() + word.size();
    std::uint64_t value = 0;
    auto [stop, error] = std::from_chars(begin, end, value, is_hex ? 16 : 10);
    if (error != std::errc{} || stop != end || begin == end)
        return fail(ErrorCode::kInvalidArgument, "{} is not a number", word);
    return value;
}

Result<std::uint64_t> count_of(const std::vector<std::string>& words) {
    return words.size() < 2 ? Result<std::uint64_t>(1) : number_of(words[1]);
}

std::string hex_dump(std::uint64_t address, ByteView bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        ByteView row = bytes.subspan(at, std::min<std::size_t>(16, bytes.size() - at));
        text += fmt::format("{:012x}  {:02x}\n", address + at, fmt::join(row, " "));
    }
    return text;
}

}  // namespace

std::string replay_verdict(const replay::Session& session, const std::string& disagreement) {
    if (!disagreement.empty()) return "nyx: the replay disagrees with the recording: " + disagreement + "\n";
    if (!session.is_over()) return fmt::format("nyx: stopped at instruction {}\n", session.now());
    if (!session.has_end())
        return fmt::format("nyx: the recording was cut off here, after {} instructions\n", session.now());
    return fmt::format("nyx: {} instructions replayed; they agree with the recording\n", session.now());
}

Result<std::string> ReplayPrompt::move_to(std::uint64_t instructions) {
    NYX_TRY(session_.go_to(instructions));
    NYX_ASSIGN(std::string disagreement, session_.disagreement());
    disagreed_ = disagreed_ || !disagreement.empty();
    return replay_verdict(session_, disagreement);
}

Result<std::string> ReplayPrompt::step(const Words& words) {
    NYX_ASSIGN(std::uint64_t count, count_of(words));
    const std::uint64_t now = session_.now();
    return move_to(count > vm::Turns::kNever - now ? vm::Turns::kNever : now + count);
}

Result<std::string> ReplayPrompt::back(const Words& words) {
    NYX_ASSIGN(std::uint64_t count, count_of(words));
    return move_to(session_.now() - std::min(count, session_.now()));
}

Result<std::string> ReplayPrompt::go(const Words& words) {
    if (words.size() != 2) return fail(ErrorCode::kInvalidArgument, "goto N: which instruction?");
    NYX_ASSIGN(std::uint64_t instructions, number_of(words[1]));
    return move_to(instructions);
}

Result<std::string> ReplayPrompt::go_on(const Words&) {
    return move_to(vm::Turns::kNever);
}

Result<std::string> ReplayPrompt::registers(const Words&) {
    std::string text;
    for (const vm::CpuSnapshot& cpu : machine_.look_at_cpus()) text += vm::cpu_report(cpu);
    return text;
}

Result<std::string> ReplayPrompt::memory(const Words& words) {
    if (words.size() != 3) return fail(ErrorCode::kInvalidArgument, "memory ADDR LEN: which bytes?");
    NYX_ASSIGN(std::uint64_t address, number_of(words[1]));
    NYX_ASSIGN(std::uint64_t size, number_of(words[2]));
    if (size > kMostBytes) return fail(ErrorCode::kInvalidArgument, "at most {} bytes at once", kMostBytes);
    Bytes bytes(size);
    NYX_TRY(machine_.memory().read(address, bytes));
    return hex_dump(address, bytes);
}

Result<std::string> ReplayPrompt::digest(const Words&) {
    NYX_ASSIGN(replay::Digests digests, replay::digests_of(machine_));
    return replay::text_of(digests);
}

Result<std::string> ReplayPrompt::help(const Words&) {
    return std::string(kHelp);
}

Result<std::string> ReplayPrompt::answer(const std::string& line) {
    struct Command {
        const char* name;
        Result<std::string> (ReplayPrompt::*run)(const Words&);
    };
    static constexpr Command kCommands[] = {
        {"step", &ReplayPrompt::step},           {"back", &ReplayPrompt::back},     {"goto", &ReplayPrompt::go},
        {"continue", &ReplayPrompt::go_on},      {"memory", &ReplayPrompt::memory}, {"digest", &ReplayPrompt::digest},
        {"registers", &ReplayPrompt::registers}, {"help", &ReplayPrompt::help},
    };
    std::istringstream in(line);
    Words words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty()) return std::string();
    for (const Command& command : kCommands)
        if (words[0] == command.name) return (this->*command.run)(words);
    return fail(Error{ErrorCode::kInvalidArgument, fmt::format("there is no command {}", words[0]), "try help"});
}

Result<int> ReplayPrompt::run(std::FILE* in, std::FILE* out) {
    const bool has_person = ::isatty(::fileno(in)) != 0;
    std::array<char, kLongestLine> buffer{};
    for (;;) {
        if (has_person) fmt::print(out, "{} > ", session_.now());
        std::fflush(out);
        if (std::fgets(buffer.data(), static_cast<int>(buffer.size()), in) == nullptr) break;
        std::string line(buffer.data());
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
        if (line == "quit") break;
        auto text = answer(line);
        fmt::print(out, "{}", text ? *text : "error: " + text.error().text() + "\n");
    }
    return disagreed_ ? 1 : 0;
}

}  // namespace nyx::cli
