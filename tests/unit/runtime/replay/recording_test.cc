#include "runtime/replay/recording.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/replay/recorder.h"

namespace nyx::replay {
namespace {

RecordingHeader sample_header() {
    RecordingHeader header;
    header.restarts_after_triple_fault = true;
    header.plan_hash.fill(0x11);
    header.processor.fill(0x22);
    header.turns = {.length = 5'000, .cold_every = 1'000'000, .seed = 42, .start_wall_ns = -7};
    return header;
}

RecordedEnd sample_end() {
    RecordedEnd end{{90, 9'000'000}, {9'000'000, {8'000'000, 1'000'000}, {}, {}}};
    end.digests.memory.fill(0x33);
    end.digests.state.fill(0x44);
    return end;
}

std::vector<Event> sample_events() {
    return {{EventKind::kInput, {3, 100}, "com1", {'l', 's', '\n'}, {}},
            {EventKind::kInput, {3, 100}, "com2", {0}, {}},
            {EventKind::kWaypoint, {40, 1'000'000}, "", {}, {1, 2, 3}},
            {EventKind::kPowerButton, {41, 1'000'500}, "", {}, {}},
            {EventKind::kReset, {60, 1'000'500}, "", {}, {}},
            {EventKind::kDecision, {61, 1'000'600}, "", {}, {}, vm::Recovery::kReset}};
}

// The file's bytes, and where each record ends.
struct Sample {
    Bytes bytes;
    std::vector<std::size_t> ends;

    void add(const Bytes& record) {
        check_ = next_check(check_, record);
        bytes.insert(bytes.end(), record.begin(), record.end());
        bytes.insert(bytes.end(), check_.begin(), check_.end());
        ends.push_back(bytes.size());
    }
    Sample() : bytes(encode_header(sample_header())), check_(first_check(bytes)) {
        add(record_of(EventKind::kBundle, as_bytes("some/machine.nyxb")));
    }
    static Sample whole() {
        Sample sample;
        for (const Event& event : sample_events()) sample.add(encode_event(event));
        sample.add(encode_end(sample_end()));
        return sample;
    }

  private:
    Check check_;
};

std::string error_of(ByteView bytes) {
    auto read = parse_recording(bytes, "r.nyxr");
    return read ? "" : read.error().message;
}

TEST_CASE("a recording comes back as it was written") {
    auto read = parse_recording(Sample::whole().bytes, "r.nyxr");
    REQUIRE(read);
    const RecordingHeader& header = read->header;
    CHECK(!header.stops_on_reset);
    CHECK(header.restarts_after_triple_fault);
    CHECK(header.plan_hash == sample_header().plan_hash);
    CHECK(header.processor == sample_header().processor);
    CHECK(header.turns.seed == 42);
    CHECK(header.turns.start_wall_ns == -7);
    CHECK(header.turns.length == 5'000);
    CHECK(header.turns.cold_every == 1'000'000);
    CHECK(read->bundle == "some/machine.nyxb");
    REQUIRE(read->events.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) {
        const Event &event = read->events[i], expected = sample_events()[i];
        CHECK(event.kind == expected.kind);
        CHECK(event.at.boundary == expected.at.boundary);
        CHECK(event.at.instructions == expected.at.instructions);
        CHECK(event.device == expected.device);
        CHECK(event.bytes == expected.bytes);
        CHECK(event.parts == expected.parts);
        CHECK(event.decision == expected.decision);
    }
    REQUIRE(read->end);
    CHECK(read->end->digests == sample_end().digests);
    CHECK(read->last().boundary == 90);
}

TEST_CASE("cut off anywhere, it is what was whole") {
    Sample sample = Sample::whole();
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
        auto read = parse_recording(ByteView(sample.bytes).first(size), "r.nyxr");
        if (size < kRecordingHeaderSize) {
            CHECK(!read);
            continue;
        }
        REQUIRE(read);
        CHECK(!read->end);
        std::size_t whole = 0;
        for (std::size_t end : sample.ends) whole += end <= size ? 1 : 0;
        CHECK(read->events.size() == (whole == 0 ? 0 : whole - 1));
    }
}

TEST_CASE("no flipped bit goes unnoticed") {
    const Bytes good = Sample::whole().bytes;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        auto read = parse_recording(bad, "r.nyxr");
        // A size that has grown looks like a file that was cut off, which is not a whole recording either.
        CHECK((!read || !read->end));
    }
}

TEST_CASE("records that were moved, repeated or follow the end are refused") {
    Sample sample = Sample::whole();
    Bytes repeated = sample.bytes;
    repeated.insert(repeated.begin() + static_cast<std::ptrdiff_t>(sample.ends[1]),
                    sample.bytes.begin() + static_cast<std::ptrdiff_t>(sample.ends[0]),
                    sample.bytes.begin() + static_cast<std::ptrdiff_t>(sample.ends[1]));
    CHECK(error_of(repeated) == "r.nyxr: record 2: its check does not fit");
    sample.add(encode_event(sample_events()[4]));
    CHECK(error_of(sample.bytes) == "r.nyxr: record 8: something follows the end");
}

TEST_CASE("records with a good check that break a rule are refused") {
    auto with = [](const Bytes& record) {
        Sample sample;
        sample.add(encode_event(sample_events()[2]));
        sample.add(record);
        return error_of(sample.bytes);
    };
    CHECK(with(encode_event(sample_events()[0])) == "r.nyxr: record 2: it lies before the one before it");
    CHECK(with(record_of(static_cast<EventKind>(9), Bytes(16, 0xFF))) == "r.nyxr: record 2: there is no kind 9");
    CHECK(with(record_of(EventKind::kReset, Bytes(17, 0xFF))) == "r.nyxr: record 2: its size does not fit its kind");
    CHECK(with(record_of(EventKind::kReset, Bytes(3, 0xFF))).starts_with("r.nyxr: record 2: it"));
    CHECK(with(record_of(EventKind::kBundle, Bytes(3))).find("only that") != std::string::npos);
    CHECK(with(encode_event({EventKind::kInput, {50, 2'000'000}, "", {1}, {}})) ==
          "r.nyxr: record 2: input of nothing");
    CHECK(with(encode_event({EventKind::kDecision, {50, 2'000'000}, "", {}, {}, vm::Recovery::kPause})) ==
          "r.nyxr: record 2: no handler decides that");
    RecordedEnd end = sample_end();
    end.digests.by_vcpu.resize(5'000);
    CHECK(with(encode_end(end)) == "r.nyxr: record 2: 5000 vCPUs");
    CHECK(error_of(Bytes(1'000)) == "r.nyxr is not a recording");
}

TEST_CASE("the writer's records are in the file at once") {
    std::string path = "/tmp/nyx-recording-" + std::to_string(::getpid());
    auto writer = RecordingWriter::create(path, sample_header(), "m.nyxb");
    REQUIRE(writer);
    CHECK(read_recording(path)->bundle == "m.nyxb");
    writer->write(encode_event(sample_events()[0]));
    CHECK(read_recording(path)->events.size() == 1);
    writer->write(encode_end(sample_end()));
    CHECK(read_recording(path)->end.has_value());
    CHECK(writer->status());
    ::unlink(path.c_str());
    CHECK(!RecordingWriter::create("/nowhere/at/all", sample_header(), "m.nyxb"));
}

TEST_CASE("a full disk is an error that stays") {
    auto writer = RecordingWriter::create("/dev/full", sample_header(), "m.nyxb");
    CHECK(!writer);
}

}  // namespace
}  // namespace nyx::replay
