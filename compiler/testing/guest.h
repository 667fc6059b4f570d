// A machine that runs for a test: `nyx run` as a child, its serial line as text.
//
// The child is in a process group of its own, dies with this process, and is ended and waited for when this object
// goes. All waits are bounded. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace nyx::testing {

using Time = std::chrono::nanoseconds;

class Guest {
  public:
    // words: the program and its arguments. folder: in which it runs.
    static Result<std::unique_ptr<Guest>> start(const std::vector<std::string>& words, const std::string& folder);
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    ~Guest();

    // Whether the text comes on the serial line, after what earlier calls have found.
    enum class Wait { kDone, kEnded, kTooLong };
    Wait wait_for(const std::string& text, Time within);
    // For the end of the run; its status is then there.
    Wait wait_for_end(Time within);
    // Takes what has come; false when the run has ended.
    bool goes_on();
    // What the program ended with; 128 and more: the signal that ended it.
    std::optional<int> status() const { return status_; }
    // False when it no longer takes anything.
    bool send(const std::string& text);

    const std::string& serial() const { return serial_; }
    const std::string& errors() const { return errors_; }

  private:
    struct Pipes {
        int input = -1;   // to its stdin
        int output = -1;  // from its stdout, from its stderr
        int errors = -1;
    };
    Guest(pid_t child, Pipes pipes) : child_(child), pipes_(pipes) {}
    // Takes what has come until then, or until something has; false: both pipes are closed.
    bool read_some(std::chrono::steady_clock::time_point deadline);
    static bool take(int& pipe, std::string& into);
    void reap(bool must_wait);

    pid_t child_;
    Pipes pipes_;
    std::string serial_;
    std::string errors_;
    std::size_t found_ = 0;  // end of what the last wait_for has found
    std::optional<int> status_;
};

}  // namespace nyx::testing
