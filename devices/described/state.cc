#include "devices/described/state.h"

#include <algorithm>

namespace nyx::dev::described {

State::State(const ir::Program& program) : program_(&program), layout_(layout_of(program)), bytes_(layout_.size) {
    reset();
}

void State::reset() {
    std::ranges::fill(bytes_, std::uint8_t{0});
    for (std::uint32_t field = 0; field < layout_.fields.size(); ++field) {
        const ir::StateField& about = program_->state[field];
        if (about.type.kind == ir::TypeKind::kFifo) continue;
        for (std::uint32_t i = 0; i < about.type.count; ++i) set_element(field, i, about.initial);
    }
}

std::uint64_t State::element(std::uint32_t field, std::uint64_t index) const {
    const FieldPlace& place = layout_.fields[field];
    std::uint64_t value = 0;
    std::memcpy(&value, bytes_.data() + place.offset + index * place.size, place.size);
    return value;
}

void State::set_element(std::uint32_t field, std::uint64_t index, std::uint64_t value) {
    const FieldPlace& place = layout_.fields[field];
    value &= ir::low_bits(program_->state[field].type.bits);
    std::memcpy(bytes_.data() + place.offset + index * place.size, &value, place.size);
}

std::uint64_t State::get(std::uint32_t field, std::uint64_t index) const {
    return index < program_->state[field].type.count ? element(field, index) : 0;
}

void State::set(std::uint32_t field, std::uint64_t value, std::uint64_t index) {
    if (index < program_->state[field].type.count) set_element(field, index, value);
}

void State::push(std::uint32_t fifo, std::uint64_t value) {
    const std::uint32_t capacity = program_->state[fifo].type.count;
    const std::uint32_t lengths = layout_.fields[fifo].lengths;
    const std::uint32_t has = length(fifo);
    if (has == capacity) return;
    set_element(fifo, (word(lengths) + has) % capacity, value);
    set_word(lengths + 4, has + 1);
}

std::uint64_t State::pop(std::uint32_t fifo, std::uint64_t otherwise) {
    const std::uint32_t lengths = layout_.fields[fifo].lengths;
    const std::uint32_t has = length(fifo);
    if (has == 0) return otherwise;
    const std::uint32_t first = word(lengths);
    set_word(lengths, (first + 1) % program_->state[fifo].type.count);
    set_word(lengths + 4, has - 1);
    return element(fifo, first);
}

std::uint64_t State::at(std::uint32_t fifo, std::uint64_t index) const {
    if (index >= length(fifo)) return 0;
    return element(fifo, (word(layout_.fields[fifo].lengths) + index) % program_->state[fifo].type.count);
}

void State::clear(std::uint32_t fifo) {
    set_word(layout_.fields[fifo].lengths, 0);
    set_word(layout_.fields[fifo].lengths + 4, 0);
}

Bytes State::saved(std::uint32_t field) const {
    const ir::Type& type = program_->state[field].type;
    const bool is_fifo = type.kind == ir::TypeKind::kFifo;
    const std::uint32_t size = layout_.fields[field].size;
    const std::uint32_t count = is_fifo ? length(field) : type.count;
    Bytes bytes(std::size_t{count} * size);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t value = is_fifo ? at(field, i) : element(field, i);
        for (std::uint32_t k = 0; k < size; ++k) bytes[i * size + k] = static_cast<std::uint8_t>(value >> (8 * k));
    }
    return bytes;
}

bool State::restore(std::uint32_t field, ByteView bytes) {
    const ir::Type& type = program_->state[field].type;
    const bool is_fifo = type.kind == ir::TypeKind::kFifo;
    const std::uint32_t size = layout_.fields[field].size;
    const std::size_t count = bytes.size() / size;
    if (bytes.size() % size != 0 || count > type.count || (!is_fifo && count != type.count)) return false;
    std::vector<std::uint64_t> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::uint32_t k = 0; k < size; ++k) values[i] |= std::uint64_t{bytes[i * size + k]} << (8 * k);
        if ((values[i] & ~ir::low_bits(type.bits)) != 0) return false;
    }
    if (is_fifo) clear(field);
    for (std::size_t i = 0; i < count; ++i) is_fifo ? push(field, values[i]) : set_element(field, i, values[i]);
    return true;
}

}  // namespace nyx::dev::described
