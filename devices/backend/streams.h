// The backends themselves; open_backend() chooses.
#pragma once

#include <atomic>
#include <memory>

#include "devices/backend/backend.h"
#include "devices/backend/output_pump.h"
#include "runtime/base/file.h"

namespace nyx::dev {

class NullBackend final : public Backend, private ByteSink {
  public:
    ByteSink& sink() override { return *this; }
    std::string description() const override { return "nothing"; }

  private:
    void write(std::span<const std::uint8_t>) override {}
};

// A regular file: written at once, so that a crash of ours loses nothing of the guest's output.
class FileBackend final : public Backend, private ByteSink {
  public:
    FileBackend(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
    ByteSink& sink() override { return *this; }
    std::uint64_t dropped() const override { return dropped_.load(std::memory_order_relaxed); }
    std::string description() const override { return "file " + path_; }

  private:
    void write(std::span<const std::uint8_t> bytes) override;

    Fd fd_;
    std::string path_;
    std::atomic<std::uint64_t> dropped_{0};
};

// Two descriptors and a pump between: this program's terminal, a pseudo-terminal, a FIFO.
class StreamBackend final : public Backend {
  public:
    // held: kept open as long as this; may be none.
    StreamBackend(Fd input, Fd output, Fd held, std::string description);
    ByteSink& sink() override { return pump_; }
    int input_fd() const override { return input_.get(); }
    InputBytes read(std::span<std::uint8_t> into) override;
    std::uint64_t dropped() const override { return pump_.dropped(); }
    std::string description() const override { return description_; }

  private:
    Fd input_;
    Fd output_;
    Fd held_;
    std::string description_;
    OutputPump pump_;  // last: its thread uses output_
};

Result<std::unique_ptr<Backend>> open_stdio();
Result<std::unique_ptr<Backend>> open_pty();
Result<std::unique_ptr<Backend>> open_file(const BackendSpec& spec);

}  // namespace nyx::dev
