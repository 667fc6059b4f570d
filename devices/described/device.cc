#include "devices/described/device.h"

#include <algorithm>

#include "devices/described/exit_free.h"
#include "devices/described/migrate.h"
#include "devices/ir/ports.h"

namespace nyx::dev::described {

namespace {

// Of a bank, what is found by its offset alone; behind it are windows on something larger.
constexpr std::size_t kFoundByByte = 1 << 16;

RegisterKind kind_of(const ir::Register& reg) {
    if (!reg.writable) return RegisterKind::kReadOnly;
    return reg.readable ? RegisterKind::kReadWrite : RegisterKind::kWriteOnly;
}

}  // namespace

Result<std::unique_ptr<Described>> Described::create(const ir::Program& program, const Environment& environment,
                                                     Outlets* outlets) {
    const bool has_ports = outlets != nullptr || ir::is_served_by_machine(program);
    if (!has_ports || program.lines.size() > environment.lines.size())
        return fail(ErrorCode::kUnsupported, "device {} asks for more than a machine gives it", program.name);
    return std::unique_ptr<Described>(new Described(program, environment, outlets));
}

Result<std::unique_ptr<Described>> Described::create(std::unique_ptr<const ir::Program> program,
                                                     const Environment& environment, std::unique_ptr<Outlets> outlets) {
    NYX_ASSIGN(std::unique_ptr<Described> device, create(*program, environment, outlets.get()));
    device->owned_ = std::move(program);
    device->owned_outlets_ = std::move(outlets);
    return device;
}

Described::Described(const ir::Program& program, const Environment& environment, Outlets* outlets)
    : program_(program),
      environment_(environment),
      outlets_(outlets),
      state_(program),
      timers_(program, environment.clock, environment.timers,
              [this](std::uint32_t timer) {
                  if (program_.timers[timer].handler != ir::kNone) call(program_.timers[timer].handler);
                  conclude();
              }),
      interpreter_(program, state_, *this) {
    by_byte_.resize(program.banks.size());
    beyond_.resize(program.banks.size());
    for (std::uint32_t i = 0; i < program.registers.size(); ++i) {
        const ir::Register& reg = program.registers[i];
        const std::string_view when = reg.guard == ir::kNone ? std::string_view{} : program.functions[reg.guard].name;
        registers_.push_back(
            {reg.name, reg.bank, reg.offset, reg.width, kind_of(reg), reg.reset, when, reg.count, reg.stride});
        auto& bytes = by_byte_[reg.bank];  // a bank of a page has few registers, at its beginning
        const std::size_t end = std::size_t{reg.offset} + std::size_t{reg.count - 1} * reg.stride + reg.width;
        bytes.resize(std::max(bytes.size(), std::min(end, kFoundByByte)));
        for (std::size_t at = reg.offset; at < std::min(end, kFoundByByte); ++at)
            if ((at - reg.offset) % reg.stride < reg.width) bytes[at].push_back(i);
        if (end > kFoundByByte) beyond_[reg.bank].push_back(i);
    }
    for (std::uint32_t i = 0; i < program.sources.size(); ++i) {
        const ir::Source& source = program.sources[i];
        if (source.bits == 8) bytes_ = i;
        if (source.bits == 0 && source.name == ir::kLineBreak) line_break_ = i;
        if (source.bits == 0 && source.name == ir::kPowerButton) power_button_ = i;
    }
    power_on();
}

std::uint64_t Described::call(std::uint32_t function, std::initializer_list<std::uint64_t> arguments) const {
    return interpreter_.call(function, {arguments.begin(), arguments.size()});
}

std::span<const std::uint32_t> Described::standing_at(std::uint32_t bank, std::uint64_t offset) const {
    if (offset >= kFoundByByte) return beyond_[bank];
    return offset < by_byte_[bank].size() ? std::span(by_byte_[bank][offset]) : std::span<const std::uint32_t>{};
}

Described::Piece Described::piece_at(const Access& access, std::uint32_t done, bool is_write) const {
    const std::uint64_t offset = access.offset + done;
    for (std::uint32_t i : standing_at(access.region, offset)) {
        const ir::Register& reg = program_.registers[i];
        const bool is_here = offset >= reg.offset && (offset - reg.offset) / reg.stride < reg.count &&
                             (offset - reg.offset) % reg.stride < reg.width;
        if (!is_here || reg.by_parts) continue;
        if (!(is_write ? reg.writable : reg.readable) || !holds(reg.guard)) continue;
        const auto inside = static_cast<std::uint32_t>(offset - reg.offset);
        Piece piece{i, inside / reg.stride, inside % reg.stride, 0};
        piece.size = std::min<std::uint32_t>(reg.width - piece.first, access.width - done);
        const bool is_whole = piece.size == reg.width;
        if (!is_whole && program_.banks[reg.bank].narrow == ir::Narrow::kReject) piece.reg = kNoRegister;
        return piece;
    }
    return {};
}

// The register by parts that the access means: it is there, and the access is aligned, so it lies inside one element.
// One that it does not mean leaves nothing for others: the whole access meets a gap.
std::optional<Described::Piece> Described::part_at(const Access& access, bool is_write) const {
    for (std::uint32_t i : standing_at(access.region, access.offset)) {
        const ir::Register& reg = program_.registers[i];
        if (!reg.by_parts || !(is_write ? reg.writable : reg.readable) || access.offset < reg.offset) continue;
        const std::uint64_t inside = access.offset - reg.offset;
        if (inside / reg.stride >= reg.count || inside % reg.stride >= reg.width || !holds(reg.guard)) continue;
        if (access.offset % access.width != 0 || access.width > reg.width)
            return Piece{kNoRegister, 0, 0, access.width};
        return Piece{i, static_cast<std::uint32_t>(inside / reg.stride),
                     static_cast<std::uint32_t>(inside % reg.stride), access.width};
    }
    return std::nullopt;
}

std::vector<Described::Piece> Described::pieces(const Access& access, bool is_write) const {
    if ((program_.banks[access.region].widths & access.width) == 0) return {{kNoRegister, 0, 0, access.width}};
    if (const std::optional<Piece> part = part_at(access, is_write)) return {*part};
    std::vector<Piece> all;
    for (std::uint32_t done = 0; done < access.width; done += all.back().size)
        all.push_back(piece_at(access, done, is_write));
    return all;
}

std::uint32_t Described::select(const Access& access, bool is_write) const {
    return pieces(access, is_write).front().reg;
}

std::uint64_t Described::gap_value(std::uint32_t bank) const {
    return program_.banks[bank].gap == ir::Gap::kZeros ? 0 : ~std::uint64_t{0};
}

std::uint64_t Described::read(const Access& access) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const Piece& piece : pieces(access, false)) {
        const std::uint64_t part = piece.reg == kNoRegister ? gap_value(access.region) : read_register(piece);
        value |= (part & ir::low_bits(8 * piece.size)) << shift;
        shift += 8 * piece.size;
    }
    conclude();
    return value;
}

void Described::write(const Access& access, std::uint64_t value) {
    unsigned shift = 0;
    for (const Piece& piece : pieces(access, true)) {
        const std::uint64_t part = (value >> shift) & ir::low_bits(8 * piece.size);
        shift += 8 * piece.size;
        if (piece.reg != kNoRegister) write_part(piece, part);
    }
    conclude();
}

void Described::write_part(const Piece& piece, std::uint64_t part) {
    const ir::Register& reg = program_.registers[piece.reg];
    if (reg.by_parts) {
        if (holds(reg.phase)) call(reg.on_write, {part, 0, piece.index, piece.first, piece.size});
        return;
    }
    const std::uint64_t mask = ir::low_bits(8 * piece.size) << (8 * piece.first);
    const std::uint64_t rest = piece.size == reg.width ? 0 : untouched(piece.reg, piece.index) & ~mask;
    write_register(reg, piece.index, rest | part << (8 * piece.first));
}

// What a write to a part of a register says of its other bits, so that they stay.
std::uint64_t Described::untouched(std::uint32_t number, std::uint64_t index) const {
    const ir::WriteMasks& write = program_.registers[number].write;
    return (peek(number, index) & ~(write.one_clears | write.one_sets)) | write.zero_clears;
}

std::uint64_t Described::peek(std::uint32_t number, std::uint64_t index) const {
    const ir::Register& reg = program_.registers[number];
    std::uint64_t value = reg.storage == ir::kNone ? 0 : state_.get(reg.storage, index);
    value = (value & ~reg.fixed_mask) | reg.fixed;
    if (reg.computed != ir::kNone)
        value = (value & ~reg.computed_mask) | (call(reg.computed, {index}) & reg.computed_mask);
    return value;
}

// The bytes of the piece, lowest first; what is above them is of no meaning.
std::uint64_t Described::read_register(const Piece& piece) {
    const ir::Register& reg = program_.registers[piece.reg];
    if (reg.by_parts) return call(reg.on_read, {piece.index, piece.first, piece.size});
    const std::uint64_t value =
        reg.on_read == ir::kNone ? peek(piece.reg, piece.index) : call(reg.on_read, {piece.index});
    if (reg.read_clears != 0)
        state_.set(reg.storage, state_.get(reg.storage, piece.index) & ~reg.read_clears, piece.index);
    return (value & ir::low_bits(8u * reg.width)) >> (8 * piece.first);
}

void Described::write_register(const ir::Register& reg, std::uint32_t index, std::uint64_t value) {
    if (!holds(reg.phase)) return;
    std::uint64_t before = 0;
    if (reg.storage != ir::kNone) {
        before = state_.get(reg.storage, index);
        std::uint64_t after = (before & ~reg.write.plain) | (value & reg.write.plain);
        after &= ~(value & reg.write.one_clears);
        after |= value & reg.write.one_sets;
        after &= value | ~reg.write.zero_clears;
        state_.set(reg.storage, after, index);
    }
    if (reg.on_write != ir::kNone) call(reg.on_write, {value, before, index});
}

void Described::power_on() {
    if (program_.on_power_on != ir::kNone) call(program_.on_power_on);
    reset();
}

// One that has something to do at power-on only has what a battery keeps, and says itself what a reset changes.
void Described::reset() {
    if (program_.on_power_on == ir::kNone) {
        state_.reset();
        timers_.cancel_all();
    }
    if (program_.on_reset != ir::kNone) call(program_.on_reset);
    conclude();
}

// After every operation: the pages follow the state, then the lines, whose interrupts have the guest look there; and
// whoever waits with input hears that there is room.
void Described::conclude() {
    if (changed_) changed_();
    drive_lines();
    if (settled_) settled_();
    offer_room();
}

// The rest of an operation of compiled code, which drives its lines itself.
void Described::finish() {
    if (changed_) changed_();
    if (settled_) settled_();
    offer_room();
}

void Described::offer_room() {
    if (!input_waits_ || !holds(program_.sources[bytes_].accepts)) return;
    input_waits_ = false;
    keep_native_informed();
    if (environment_.input_room) environment_.input_room();
}

void Described::on_change(std::function<void()> changed) {
    changed_ = std::move(changed);
    keep_native_informed();
}

void Described::when_settled(std::function<void()> settled) {
    settled_ = std::move(settled);
    keep_native_informed();
}

void Described::drive_lines() {
    std::uint64_t levels = 0;
    for (std::size_t i = 0; i < program_.lines.size(); ++i) {
        const bool level = call(program_.lines[i].level) != 0;
        environment_.lines[i]->set(level);
        if (level && i < ir::kMaxNativeLines) levels |= std::uint64_t{1} << i;
    }
    if (native_ != nullptr) native_->levels = levels;
}

std::size_t Described::receive(std::span<const std::uint8_t> bytes) {
    std::size_t taken = 0;
    for (; taken < bytes.size() && holds(program_.sources[bytes_].accepts); ++taken)
        call(program_.sources[bytes_].handler, {bytes[taken]});
    input_waits_ = taken < bytes.size();
    keep_native_informed();
    if (changed_) changed_();
    drive_lines();
    return taken;
}

bool Described::signal(std::uint32_t source, std::uint64_t value) {
    if (!holds(program_.sources[source].accepts)) return false;
    call(program_.sources[source].handler, {value});
    conclude();
    return true;
}

void Described::receive_break() {
    if (line_break_ != ir::kNone) signal(line_break_, 0);
}

void Described::press_power_button() {
    if (power_button_ != ir::kNone) signal(power_button_, 0);
}

void Described::emit(std::uint32_t sink, std::uint64_t value) {
    if (outlets_ != nullptr) return outlets_->take(sink, value);
    std::array<std::uint8_t, 8> bytes{};
    store_le(bytes.data(), value);
    environment_.output.write({bytes.data(), program_.sinks[sink].bits / 8u});
}

std::uint64_t Described::answer(std::uint32_t query, std::uint64_t about) {
    const ir::Query& asked = program_.queries[query];
    return outlets_->reply(query, about & ir::low_bits(asked.about)) & ir::low_bits(asked.bits);
}

void Described::ask(ir::Control what, std::uint64_t value) {
    switch (what) {
        case ir::Control::kReset:
            return environment_.control.request_reset(program_.name);
        case ir::Control::kPowerOff:
            return environment_.control.request_power_off(program_.name);
        case ir::Control::kExit:
            return environment_.control.request_exit(static_cast<int>(value & 0xFF));
        case ir::Control::kPanicked:
            return environment_.control.guest_panicked(value != 0);
    }
}

std::string Described::broken_invariant() const {
    for (std::uint32_t invariant : program_.invariants) {
        if (call(invariant) == 0) return program_.functions[invariant].name;
    }
    return {};
}

void Described::save(StateWriter& writer) const {
    for (std::uint32_t i = 0; i < program_.state.size(); ++i) writer.bytes(program_.state[i].id, state_.saved(i));
    timers_.save(writer);
}

Status Described::restore(StateReader& reader) {
    const bool is_older = reader.version() != 0 && reader.version() < program_.version;
    if (!is_older || program_.migrations.empty()) return take_over(reader);
    NYX_ASSIGN(const std::vector<dev::StateField> fields, migrated(program_, reader.version(), reader.fields()));
    StateReader own(fields);
    return take_over(own);
}

// A state of this version, or of one that lacks fields.
Status Described::take_over(StateReader& reader) {
    State before = state_;
    state_.reset();
    for (std::uint32_t i = 0; i < program_.state.size(); ++i) {
        const Bytes* bytes = reader.bytes(program_.state[i].id);
        if (bytes != nullptr && !state_.restore(i, *bytes))
            reader.refuse(program_.state[i].id, "is no value of its type");
    }
    const std::vector<TimerSet::Saved> timers = timers_.read(reader);
    Status good = reader.finish();
    if (std::string broken = good ? broken_invariant() : ""; !broken.empty())
        good = fail(ErrorCode::kCorrupt, "saved state of {}: it breaks the invariant {}", program_.name, broken);
    if (!good) {
        state_ = before;  // in its place, which compiled code knows
        return good;
    }
    timers_.start(timers);
    conclude();
    return {};
}

}  // namespace nyx::dev::described
