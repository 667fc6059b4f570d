// A recording (docs/recording.md) as values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/base/sha256.h"
#include "runtime/hv/cpuid.h"
#include "runtime/replay/digests.h"

namespace nyx::replay {

inline constexpr std::array<std::uint8_t, 8> kRecordingMagic{'N', 'Y', 'X', 'R', '\r', '\n', 0x1A, '\n'};
inline constexpr std::uint32_t kRecordingFormat = 2;  // 1: without decisions; it is read, too
inline constexpr std::size_t kRecordingHeaderSize = 160;
inline constexpr std::size_t kRecordingDigestAt = 128;
inline constexpr std::size_t kRecordHeadSize = 8;
inline constexpr std::size_t kCheckSize = 8;
inline constexpr std::uint32_t kMaxRecordSize = 1 << 20;

struct RecordingHeader {
    bool stops_on_reset = false;
    bool restarts_after_triple_fault = false;
    Digest plan_hash{};
    Digest processor{};
    vm::TurnOptions turns;
};

enum class EventKind : std::uint16_t { kBundle = 1, kInput, kPowerButton, kReset, kWaypoint, kEnd, kDecision };

struct Point {
    std::uint64_t boundary = 0;
    std::uint64_t instructions = 0;
};

struct Event {
    EventKind kind = EventKind::kInput;  // kInput, kPowerButton, kReset, kWaypoint or kDecision
    Point at;
    std::string device;                           // kInput
    Bytes bytes;                                  // kInput
    std::vector<std::uint64_t> parts;             // kWaypoint
    vm::Recovery decision = vm::Recovery::kNone;  // kDecision
};

struct RecordedEnd {
    Point at;
    Digests digests;
};

struct Recording {
    RecordingHeader header;
    std::string bundle;  // path
    std::vector<Event> events;
    std::optional<RecordedEnd> end;  // nothing: the recording was cut off
    // Where the last record stands.
    Point last() const;
};

// Errors: kCorrupt, kUnsupported, and those of the file. A recording that was cut off is one without an end.
Result<Recording> read_recording(const std::string& path);
Result<Recording> parse_recording(ByteView bytes, const std::string& path);

Bytes encode_header(const RecordingHeader& header);
Bytes encode_event(const Event& event);
Bytes encode_end(const RecordedEnd& end);
using Check = std::array<std::uint8_t, kCheckSize>;
// Of the record whose head and content these are.
Check next_check(const Check& before, ByteView record);
Check first_check(ByteView header);
// Head and content.
Bytes record_of(EventKind kind, ByteView content);

// What two hosts must share for the software CPU to be the same: its CPUID table, and the maker of the processor.
Digest processor_digest(std::span<const hv::CpuidEntry> entries);

}  // namespace nyx::replay
