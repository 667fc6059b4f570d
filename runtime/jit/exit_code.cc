#include "runtime/jit/exit_code.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "runtime/base/bits.h"
#include "runtime/jit/object_file.h"

namespace nyx::jit {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint8_t kTrap = 0xCC;  // INT3, between functions

// Where each section goes: code first, then data from the next page on.
struct Layout {
    std::vector<std::uint64_t> offsets;
    std::uint64_t code_size = 0, size = 0;  // whole pages
};

Layout lay_out(const ObjectFile& object) {
    Layout layout;
    layout.offsets.resize(object.sections.size());
    for (const bool code : {true, false}) {
        for (std::size_t i = 0; i < object.sections.size(); ++i) {
            const ObjectSection& section = object.sections[i];
            if (section.is_code != code) continue;
            layout.offsets[i] = align_up(layout.size, section.alignment);
            layout.size = layout.offsets[i] + section.bytes.size();
        }
        layout.size = align_up(layout.size, kPage);
        if (code) layout.code_size = layout.size;
    }
    return layout;
}

// Differences inside one mapping: it does not matter where that is.
Status relocate(const ObjectFile& object, const Layout& layout, std::uint8_t* memory) {
    for (const ObjectRelocation& one : object.relocations) {
        const std::uint64_t place = layout.offsets[one.section] + one.offset;
        const std::int64_t distance =
            static_cast<std::int64_t>(layout.offsets[one.target]) + one.value - static_cast<std::int64_t>(place);
        if (distance > std::numeric_limits<std::int32_t>::max() || distance < std::numeric_limits<std::int32_t>::min())
            return fail(ErrorCode::kCorrupt, "a relocation reaches too far");
        store_le(memory + place, static_cast<std::uint32_t>(distance));
    }
    return {};
}

Status protect(std::uint8_t* memory, const Layout& layout) {
    if (::mprotect(memory, layout.code_size, PROT_READ | PROT_EXEC) != 0) return fail(errno_error(errno, "mprotect"));
    const std::uint64_t rest = layout.size - layout.code_size;
    if (rest != 0 && ::mprotect(memory + layout.code_size, rest, PROT_READ) != 0)
        return fail(errno_error(errno, "mprotect"));
    return {};
}

template <class Function>
Status find(const ObjectFile& object, const Layout& layout, std::uint8_t* memory, const char* name,
            Function& function) {
    const auto found = std::ranges::find(object.functions, std::string_view(name), &ObjectFunction::name);
    if (found == object.functions.end())
        return fail(ErrorCode::kUnsupported, "it was made for another version of nyx (there is no {})", name);
    function = reinterpret_cast<Function>(memory + layout.offsets[found->section] + found->offset);
    return {};
}

}  // namespace

Result<std::unique_ptr<ExitCode>> ExitCode::link(ByteView bytes) {
    NYX_ASSIGN(const ObjectFile object, ObjectFile::read(bytes));
    const Layout layout = lay_out(object);
    if (layout.code_size == 0) return fail(ErrorCode::kCorrupt, "it has no code");
    std::unique_ptr<ExitCode> code(new ExitCode);
    void* memory = ::mmap(nullptr, layout.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return fail(errno_error(errno, "memory for compiled code"));
    code->memory_ = static_cast<std::uint8_t*>(memory);
    code->size_ = layout.size;
    std::fill_n(code->memory_, layout.code_size, kTrap);
    for (std::size_t i = 0; i < object.sections.size(); ++i)
        std::ranges::copy(object.sections[i].bytes, code->memory_ + layout.offsets[i]);
    NYX_TRY(relocate(object, layout, code->memory_));
    NYX_TRY(protect(code->memory_, layout));
    plan::ExitFunctions& functions = code->functions_;
    NYX_TRY(find(object, layout, code->memory_, plan::kPioReadSymbol, functions.pio_read));
    NYX_TRY(find(object, layout, code->memory_, plan::kPioWriteSymbol, functions.pio_write));
    NYX_TRY(find(object, layout, code->memory_, plan::kMmioReadSymbol, functions.mmio_read));
    NYX_TRY(find(object, layout, code->memory_, plan::kMmioWriteSymbol, functions.mmio_write));
    return code;
}

ExitCode::~ExitCode() {
    if (memory_ != nullptr) ::munmap(memory_, size_);
}

int host_level() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("x86-64-v3") != 0 ? 1 : 0;
}

}  // namespace nyx::jit
