// From bytes that nobody has checked to a recording, or to what is wrong with them.
#include <algorithm>

#include "runtime/base/file.h"
#include "runtime/replay/recording.h"

namespace nyx::replay {
namespace {

constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 32;
constexpr std::uint64_t kMaxTurn = std::uint64_t{1} << 32, kMaxCold = std::uint64_t{1} << 40;
constexpr std::uint32_t kMaxVcpus = 1024;

class Reader {
  public:
    Reader(ByteView bytes, const std::string& path) : bytes_(bytes), path_(path) {}

    Result<Recording> read() {
        NYX_TRY(read_header());
        check_ = first_check(bytes_);
        for (std::size_t at = kRecordingHeaderSize; at < bytes_.size();) {
            if (recording_.end) return damaged("something follows the end");
            auto size = whole_record(at);
            if (!size) break;  // cut off here
            NYX_TRY(read_record(bytes_.subspan(at, *size)));
            at += *size + kCheckSize;
            ++number_;
        }
        return std::move(recording_);
    }

  private:
    tl::unexpected<Error> damaged(std::string_view what) const {
        return fail(Error{ErrorCode::kCorrupt, fmt::format("{}: record {}: {}", path_, number_, what),
                          "the recording is damaged: take another copy, or record again"});
    }

    Status read_header() {
        const auto& magic = kRecordingMagic;
        if (bytes_.size() < kRecordingHeaderSize || !std::ranges::equal(magic, bytes_.first(magic.size())))
            return fail(Error{ErrorCode::kCorrupt, path_ + " is not a recording", "`nyx record -o FILE` makes one"});
        ByteReader in(bytes_.subspan(magic.size()));
        auto format = in.read<std::uint32_t>();
        if (format == 0 || format > kRecordingFormat)
            return fail(Error{ErrorCode::kUnsupported,
                              fmt::format("{} has format {}, this nyx reads {}", path_, format, kRecordingFormat),
                              "replay it with the nyx that recorded it"});
        Digest digest = sha256(bytes_.first(kRecordingDigestAt));
        if (!std::ranges::equal(digest, bytes_.subspan(kRecordingDigestAt, digest.size())))
            return fail(ErrorCode::kCorrupt, "{}: the header is damaged", path_);
        return read_fields(in);
    }

    Status read_fields(ByteReader& in) {
        RecordingHeader& header = recording_.header;
        auto flags = in.read<std::uint32_t>();
        header.stops_on_reset = (flags & 1) != 0;
        header.restarts_after_triple_fault = (flags & 2) != 0;
        std::ranges::copy(in.take(header.plan_hash.size()), header.plan_hash.begin());
        std::ranges::copy(in.take(header.processor.size()), header.processor.begin());
        header.turns.seed = in.read<std::uint64_t>();
        header.turns.start_wall_ns = in.read<std::int64_t>();
        header.turns.length = in.read<std::uint64_t>();
        header.turns.cold_every = in.read<std::uint64_t>();
        bool reserved_are_zero = (flags & ~3u) == 0 && in.read<std::uint64_t>() == 0 && in.read<std::uint64_t>() == 0;
        auto within = [](std::uint64_t value, std::uint64_t most) { return value >= 1 && value <= most; };
        if (!reserved_are_zero || !within(header.turns.length, kMaxTurn) || !within(header.turns.cold_every, kMaxCold))
            return fail(ErrorCode::kCorrupt, "{}: no recording has such a header", path_);
        return {};
    }

    // Size of the record at `at` without its check; nothing: the file ends first.
    std::optional<std::size_t> whole_record(std::size_t at) const {
        std::size_t room = bytes_.size() - at;
        if (room < kRecordHeadSize) return std::nullopt;
        std::size_t size = kRecordHeadSize + load_le<std::uint32_t>(bytes_.data() + at);
        return size + kCheckSize <= room ? std::optional(size) : std::nullopt;
    }

    Status read_record(ByteView record) {
        Check check = next_check(check_, record);
        if (!std::equal(check.begin(), check.end(), record.data() + record.size()))
            return damaged("its check does not fit");
        check_ = check;
        ByteReader in(record);
        auto size = in.read<std::uint32_t>();
        auto kind = in.read<std::uint16_t>();
        if (size > kMaxRecordSize || in.read<std::uint16_t>() != 0) return damaged("no record has such a head");
        if ((number_ == 0) != (kind == static_cast<std::uint16_t>(EventKind::kBundle)))
            return damaged("the bundle's path is the first record, and only that");
        if (number_ == 0) {
            recording_.bundle = std::string(as_text(in.take(size)));
            return {};
        }
        return read_event(kind, in);
    }

    static bool is_recorded(vm::Recovery decision) {
        return decision == vm::Recovery::kIgnore || decision == vm::Recovery::kReset ||
               decision == vm::Recovery::kShutdown;
    }

    Status read_event(std::uint16_t kind, ByteReader& in) {
        Event event;
        event.kind = static_cast<EventKind>(kind);
        event.at = {in.read<std::uint64_t>(), in.read<std::uint64_t>()};
        Point before = recording_.last();
        if (event.at.boundary < before.boundary || event.at.instructions < before.instructions)
            return damaged("it lies before the one before it");
        switch (event.kind) {
            case EventKind::kInput:
                NYX_TRY(read_input(event, in));
                break;
            case EventKind::kPowerButton:
            case EventKind::kReset:
                break;
            case EventKind::kWaypoint:
                while (in.ok() && in.remaining() > 0) event.parts.push_back(in.read<std::uint64_t>());
                break;
            case EventKind::kDecision:
                event.decision = static_cast<vm::Recovery>(in.read<std::uint8_t>());
                if (!is_recorded(event.decision)) return damaged("no handler decides that");
                break;
            case EventKind::kEnd:
                return read_end(event.at, in);
            default:
                return damaged(fmt::format("there is no kind {}", kind));
        }
        if (!in.ok() || in.remaining() != 0) return damaged("its size does not fit its kind");
        recording_.events.push_back(std::move(event));
        return {};
    }

    Status read_input(Event& event, ByteReader& in) {
        event.device = std::string(as_text(in.take(in.read<std::uint16_t>())));
        ByteView bytes = in.take(in.remaining());
        event.bytes = Bytes(bytes.begin(), bytes.end());
        return event.device.empty() || event.bytes.empty() ? Status(damaged("input of nothing")) : Status{};
    }

    Status read_end(const Point& at, ByteReader& in) {
        RecordedEnd end{at, {}};
        end.digests.instructions = at.instructions;
        auto vcpus = in.read<std::uint32_t>();
        if (vcpus > kMaxVcpus) return damaged(fmt::format("{} vCPUs", vcpus));
        for (std::uint32_t i = 0; i < vcpus; ++i) end.digests.by_vcpu.push_back(in.read<std::uint64_t>());
        ByteView memory = in.take(end.digests.memory.size()), state = in.take(end.digests.state.size());
        if (!in.ok() || in.remaining() != 0) return damaged("its size does not fit its kind");
        std::ranges::copy(memory, end.digests.memory.begin());
        std::ranges::copy(state, end.digests.state.begin());
        recording_.end = std::move(end);
        return {};
    }

    ByteView bytes_;
    const std::string& path_;
    Recording recording_;
    Check check_{};
    std::size_t number_ = 0;
};

}  // namespace

Result<Recording> parse_recording(ByteView bytes, const std::string& path) {
    return Reader(bytes, path).read();
}

Result<Recording> read_recording(const std::string& path) {
    NYX_ASSIGN(Bytes bytes, read_file(path, kMaxFileSize));
    return parse_recording(bytes, path);
}

}  // namespace nyx::replay
