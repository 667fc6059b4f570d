#include "devices/described/device.h"

#include "devices/ir/ports.h"

namespace nyx::dev::described {

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
      interpreter_(program, state_, *this),
      map_(program, interpreter_),
      values_(program, state_, interpreter_),
      registers_(registers_of(program)) {
    know_sources();
    power_on();
}

void Described::know_sources() {
    for (std::uint32_t i = 0; i < program_.sources.size(); ++i) {
        const ir::Source& source = program_.sources[i];
        if (source.bits == 8) bytes_ = i;
        if (source.bits == 0 && source.name == ir::kLineBreak) line_break_ = i;
        if (source.bits == 0 && source.name == ir::kPowerButton) power_button_ = i;
    }
}

std::uint32_t Described::select(const Access& access, bool is_write) const {
    return map_.pieces(access, is_write).front().reg;
}

std::uint64_t Described::gap_value(std::uint32_t bank) const {
    return program_.banks[bank].gap == ir::Gap::kZeros ? 0 : ~std::uint64_t{0};
}

std::uint64_t Described::read(const Access& access) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const Piece& piece : map_.pieces(access, false)) {
        const std::uint64_t part = piece.reg == kNoRegister ? gap_value(access.region) : values_.read(piece);
        value |= (part & ir::low_bits(8 * piece.size)) << shift;
        shift += 8 * piece.size;
    }
    conclude();
    return value;
}

void Described::write(const Access& access, std::uint64_t value) {
    unsigned shift = 0;
    for (const Piece& piece : map_.pieces(access, true)) {
        const std::uint64_t part = (value >> shift) & ir::low_bits(8 * piece.size);
        shift += 8 * piece.size;
        if (piece.reg != kNoRegister) values_.write(piece, part);
    }
    conclude();
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

}  // namespace nyx::dev::described
