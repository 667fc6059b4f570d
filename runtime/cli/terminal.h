// The user's terminal in raw mode, and its way back to what it was: at the end, when a signal ends the process, and
// when the process dies of a mistake of ours.
//
// One at a time in a process. Belongs to one thread.
#pragma once

#include <termios.h>

#include <memory>

#include "runtime/base/result.h"

namespace nyx::cli {

class RawTerminal {
  public:
    // fd is a terminal. Keys come one by one and without meaning (no Ctrl-C); output keeps its newlines.
    static Result<std::unique_ptr<RawTerminal>> enter(int fd);
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
    ~RawTerminal();

    // Around a stop of the process (SIGTSTP, SIGCONT).
    void restore() const;
    void make_raw() const;

  private:
    RawTerminal(int fd, const termios& before) : fd_(fd), before_(before) {}

    int fd_;
    termios before_;
};

}  // namespace nyx::cli
