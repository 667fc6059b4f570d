#include "runtime/replay/recording.h"

#include <cpuid.h>

#include <algorithm>

#include "runtime/base/check.h"

namespace nyx::replay {

Point Recording::last() const {
    if (end) return end->at;
    return events.empty() ? Point{} : events.back().at;
}

Bytes encode_header(const RecordingHeader& header) {
    ByteWriter out;
    out.write(ByteView(kRecordingMagic));
    out.write(kRecordingFormat);
    out.write((header.stops_on_reset ? 1u : 0u) | (header.restarts_after_triple_fault ? 2u : 0u));
    out.write(ByteView(header.plan_hash));
    out.write(ByteView(header.processor));
    out.write(header.turns.seed);
    out.write(header.turns.start_wall_ns);
    out.write(header.turns.length);
    out.write(header.turns.cold_every);
    out.zeros(kRecordingDigestAt - out.size());
    out.write(ByteView(sha256(out.bytes())));
    return out.take();
}

static void write_point(ByteWriter& out, const Point& at) {
    out.write(at.boundary);
    out.write(at.instructions);
}

Bytes encode_event(const Event& event) {
    ByteWriter out;
    write_point(out, event.at);
    if (event.kind == EventKind::kInput) {
        NYX_CHECK(event.device.size() <= 0xFFFF, "a device's name");
        out.write(static_cast<std::uint16_t>(event.device.size()));
        out.write(std::string_view(event.device));
        out.write(ByteView(event.bytes));
    }
    for (std::uint64_t part : event.parts) out.write(part);
    if (event.kind == EventKind::kDecision) out.write(static_cast<std::uint8_t>(event.decision));
    return record_of(event.kind, out.bytes());
}

Bytes encode_end(const RecordedEnd& end) {
    ByteWriter out;
    write_point(out, end.at);
    out.write(static_cast<std::uint32_t>(end.digests.by_vcpu.size()));
    for (std::uint64_t count : end.digests.by_vcpu) out.write(count);
    out.write(ByteView(end.digests.memory));
    out.write(ByteView(end.digests.state));
    return record_of(EventKind::kEnd, out.bytes());
}

Bytes record_of(EventKind kind, ByteView content) {
    NYX_CHECK(content.size() <= kMaxRecordSize, "a record of {} bytes", content.size());
    ByteWriter out;
    out.write(static_cast<std::uint32_t>(content.size()));
    out.write(static_cast<std::uint16_t>(kind));
    out.write(std::uint16_t{0});
    out.write(content);
    return out.take();
}

static Check front_of(const Digest& digest) {
    Check check;
    std::copy_n(digest.begin(), check.size(), check.begin());
    return check;
}

Check next_check(const Check& before, ByteView record) {
    ByteWriter all;
    all.write(ByteView(before));
    all.write(record);
    return front_of(sha256(all.bytes()));
}

Check first_check(ByteView header) {
    Check check;
    std::copy_n(header.begin() + kRecordingDigestAt, check.size(), check.begin());
    return check;
}

// The maker counts because approximations (RCPPS, RSQRTPS) are the host's instructions, and makers approximate
// differently.
Digest processor_digest(std::span<const hv::CpuidEntry> entries) {
    std::uint32_t leaves = 0, ebx = 0, ecx = 0, edx = 0;
    __get_cpuid(0, &leaves, &ebx, &ecx, &edx);
    ByteWriter out;
    for (std::uint32_t letters : {ebx, edx, ecx}) out.write(letters);
    for (const hv::CpuidEntry& e : entries)
        for (std::uint32_t number : {e.leaf, e.subleaf, e.eax, e.ebx, e.ecx, e.edx}) out.write(number);
    return sha256(out.bytes());
}

}  // namespace nyx::replay
