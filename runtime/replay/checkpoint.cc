#include "runtime/replay/checkpoint.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/check.h"

namespace nyx::replay {

MemoryImage MemoryImage::of(std::span<const std::uint8_t> ram, const MemoryImage* before) {
    static constexpr Page kZeros{};
    MemoryImage image;
    image.pages_.resize(ram.size() / kPage);
    for (std::size_t i = 0; i < image.pages_.size(); ++i) {
        const std::uint8_t* bytes = ram.data() + i * kPage;
        if (std::memcmp(bytes, kZeros.data(), kPage) == 0) continue;
        if (before != nullptr && before->pages_[i] && std::memcmp(bytes, before->pages_[i]->data(), kPage) == 0) {
            image.pages_[i] = before->pages_[i];
            continue;
        }
        auto page = std::make_shared<Page>();
        std::memcpy(page->data(), bytes, kPage);
        image.pages_[i] = std::move(page);
    }
    return image;
}

void MemoryImage::copy_to(std::span<std::uint8_t> ram) const {
    NYX_CHECK(ram.size() == pages_.size() * kPage, "memory of another size");
    static constexpr Page kZeros{};
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        const Page& page = pages_[i] ? *pages_[i] : kZeros;
        std::uint8_t* bytes = ram.data() + i * kPage;
        // A page that was never touched stays so.
        if (std::memcmp(bytes, page.data(), kPage) != 0) std::memcpy(bytes, page.data(), kPage);
    }
}

std::uint64_t MemoryImage::own_bytes(const MemoryImage* before) const {
    std::uint64_t own = 0;
    for (std::size_t i = 0; i < pages_.size(); ++i)
        if (pages_[i] && (before == nullptr || before->pages_[i] != pages_[i])) own += kPage;
    return own;
}

Result<Checkpoint> Checkpoint::take(const vm::Machine& machine, const Checkpoint* before) {
    Checkpoint checkpoint;
    checkpoint.instructions = machine.turns()->instructions();
    NYX_ASSIGN(checkpoint.units, machine.save());
    checkpoint.memory = MemoryImage::of(machine.ram(), before != nullptr ? &before->memory : nullptr);
    return checkpoint;
}

Status Checkpoint::put_back(vm::Machine& machine) const {
    memory.copy_to(machine.ram());
    return machine.restore(units);
}

bool Checkpoints::wants(std::uint64_t instructions) {
    if (!all_.empty() && instructions <= all_.back().instructions) return false;
    return offered_++ % every_ == 0;
}

void Checkpoints::add(Checkpoint checkpoint) {
    all_.push_back(std::move(checkpoint));
    while (all_.size() > 2 && (all_.size() > limits_.count || bytes() > limits_.bytes)) thin_out();
}

void Checkpoints::thin_out() {
    std::deque<Checkpoint> kept;
    for (std::size_t i = 0; i < all_.size(); ++i)
        if (i % 2 == 0 || i + 1 == all_.size()) kept.push_back(std::move(all_[i]));
    // Two that are left when there were three: the one between them has gone, the others must stay.
    all_ = std::move(kept);
    every_ *= 2;
}

const Checkpoint* Checkpoints::before(std::uint64_t instructions) const {
    const Checkpoint* found = nullptr;
    for (const Checkpoint& checkpoint : all_)
        if (checkpoint.instructions <= instructions) found = &checkpoint;
    return found;
}

std::uint64_t Checkpoints::bytes() const {
    std::uint64_t sum = 0;
    const MemoryImage* before = nullptr;
    for (const Checkpoint& checkpoint : all_) {
        sum += checkpoint.memory.own_bytes(before);
        before = &checkpoint.memory;
    }
    return sum;
}

}  // namespace nyx::replay
