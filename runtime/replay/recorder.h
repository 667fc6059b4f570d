// Writes a recording while its machine runs.
#pragma once

#include <functional>
#include <memory>

#include "runtime/base/file.h"
#include "runtime/replay/recording.h"

namespace nyx::replay {

// Appends records; each is in the file when the function returns. The first error stays, and nothing is written after
// it.
class RecordingWriter {
  public:
    static Result<RecordingWriter> create(const std::string& path, const RecordingHeader& header,
                                          const std::string& bundle);
    void write(Bytes record);
    const Status& status() const { return status_; }

  private:
    RecordingWriter(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
    void put(ByteView bytes);

    std::string path_;
    Fd fd_;
    Check check_{};
    Status status_;
};

// Belongs to the machine's thread. A recording that cannot be written ends the run.
class Recorder final : public vm::TurnWatcher {
  public:
    Recorder(RecordingWriter writer, vm::Machine& machine) : writer_(std::move(writer)), machine_(machine) {}

    void at_cold_point() override;
    void input_given(std::string_view device, ByteView bytes) override;
    void power_button_pressed() override;
    void reset_by_host() override;
    void decided(vm::Recovery recovery) override;
    // After the run. The first error of the recording as a whole.
    Status finish(const Digests& digests);

  private:
    Point here() const;
    void write(Event event);

    RecordingWriter writer_;
    vm::Machine& machine_;
};

}  // namespace nyx::replay
