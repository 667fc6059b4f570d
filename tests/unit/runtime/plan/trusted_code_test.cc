// Notes of what a user has built: only the user's own count.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/base/file.h"
#include "runtime/plan/trusted_code.h"

using namespace nyx;
using namespace nyx::plan;
namespace fs = std::filesystem;

namespace {

// A state of its own for the length of a test.
struct State {
    std::string folder = "/tmp/nyx-trust-XXXXXX";
    State() {
        REQUIRE(::mkdtemp(folder.data()) != nullptr);
        ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        ::unsetenv("XDG_STATE_HOME");
        fs::remove_all(folder);
    }
};

Digest some_key(std::string_view code = "code") {
    return code_key(sha256(as_bytes(std::string("plan"))), "code:x86-64-v1", as_bytes(std::string(code)));
}

}  // namespace

TEST_CASE("what was noted is trusted, nothing else is") {
    State state;
    CHECK(!is_code_trusted(some_key()));
    REQUIRE(trust_code(some_key(), "/a/bundle.nyxb"));
    CHECK(is_code_trusted(some_key()));
    CHECK(!is_code_trusted(some_key("other")));
    CHECK(trust_code(some_key(), "again"));
    CHECK(as_text(*read_file(trusted_code_folder() + "/" + to_hex(some_key()))) == "/a/bundle.nyxb\n");
}

TEST_CASE("a key is of the plan, the section and the code") {
    const Digest one = sha256(as_bytes(std::string("one"))), two = sha256(as_bytes(std::string("two")));
    const Bytes code = {1, 2, 3};
    const Digest key = code_key(one, "code:x86-64-v1", code);
    CHECK(code_key(one, "code:x86-64-v1", code) == key);
    CHECK(code_key(two, "code:x86-64-v1", code) != key);
    CHECK(code_key(one, "code:x86-64-v2", code) != key);
    CHECK(code_key(one, "code:x86-64-v1", Bytes{1, 2, 4}) != key);
}

TEST_CASE("what others could have written is not trusted") {
    State state;
    REQUIRE(trust_code(some_key(), "mine"));
    const std::string folder = trusted_code_folder(), note = folder + "/" + to_hex(some_key());
    ::chmod(note.c_str(), 0620);
    CHECK(!is_code_trusted(some_key()));
    ::chmod(note.c_str(), 0600);
    CHECK(is_code_trusted(some_key()));
    ::chmod(folder.c_str(), 0770);
    CHECK(!is_code_trusted(some_key()));
    CHECK(!trust_code(some_key("other"), "mine"));
    ::chmod(folder.c_str(), 0700);
    fs::rename(note, folder + "/elsewhere");
    fs::create_symlink(folder + "/elsewhere", note);
    CHECK(!is_code_trusted(some_key()));
}

TEST_CASE("without a place for state nothing is trusted") {
    State state;
    ::setenv("XDG_STATE_HOME", "relative", 1);
    const char* home = std::getenv("HOME");
    const std::string before = home == nullptr ? "" : home;
    ::unsetenv("HOME");
    CHECK(trusted_code_folder().empty());
    CHECK(!trust_code(some_key(), ""));
    CHECK(!is_code_trusted(some_key()));
    ::setenv("HOME", before.c_str(), 1);
}
