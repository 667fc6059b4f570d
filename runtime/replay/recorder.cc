#include "runtime/replay/recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace nyx::replay {

Result<RecordingWriter> RecordingWriter::create(const std::string& path, const RecordingHeader& header,
                                                const std::string& bundle) {
    Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!fd) return fail(errno_error(errno, path));
    RecordingWriter writer(path, std::move(fd));
    Bytes head = encode_header(header);
    writer.check_ = first_check(head);
    writer.put(head);
    writer.write(record_of(EventKind::kBundle, as_bytes(bundle)));
    NYX_TRY(writer.status_);
    return writer;
}

void RecordingWriter::write(Bytes record) {
    check_ = next_check(check_, record);
    record.insert(record.end(), check_.begin(), check_.end());
    put(record);
}

void RecordingWriter::put(ByteView bytes) {
    while (status_ && !bytes.empty()) {
        ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
        if (done >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        else if (errno != EINTR)
            status_ = fail(errno_error(errno, path_));
    }
}

Point Recorder::here() const {
    return {machine_.turns()->boundary(), machine_.turns()->instructions()};
}

void Recorder::write(Event event) {
    const bool was_well = writer_.status().has_value();
    event.at = here();
    writer_.write(encode_event(event));
    if (was_well && !writer_.status()) machine_.request_stop("the recording cannot be written");
}

void Recorder::at_cold_point() {
    auto parts = parts_of(machine_);
    if (!parts) return;
    Event event{EventKind::kWaypoint, {}, {}, {}, {}};
    for (const PartDigest& part : *parts) event.parts.push_back(part.digest);
    write(std::move(event));
}

void Recorder::input_given(std::string_view device, ByteView bytes) {
    write({EventKind::kInput, {}, std::string(device), Bytes(bytes.begin(), bytes.end()), {}});
}

void Recorder::power_button_pressed() {
    write({EventKind::kPowerButton, {}, {}, {}, {}});
}

void Recorder::reset_by_host() {
    write({EventKind::kReset, {}, {}, {}, {}});
}

void Recorder::decided(vm::Recovery recovery) {
    Event event{EventKind::kDecision, {}, {}, {}, {}};
    event.decision = recovery;
    write(std::move(event));
}

Status Recorder::finish(const Digests& digests) {
    writer_.write(encode_end({here(), digests}));
    return writer_.status();
}

}  // namespace nyx::replay
