// ELF headers: System V gABI chapters 4 and 5; the PVH note: xen/include/public/elfnote.h.
#include <algorithm>

#include "runtime/image/formats.h"

namespace nyx::image {
namespace {

constexpr std::uint16_t kMachine386 = 3;
constexpr std::uint16_t kMachineX8664 = 62;
constexpr std::uint16_t kTypeExecutable = 2;
constexpr std::uint16_t kTypeShared = 3;  // a static-pie kernel
constexpr std::uint32_t kProgramLoad = 1;
constexpr std::uint32_t kProgramNote = 4;
constexpr std::uint32_t kNotePhys32Entry = 18;  // XEN_ELFNOTE_PHYS32_ENTRY
constexpr char kXen[] = "Xen";
constexpr std::string_view kXenName{kXen, sizeof kXen};  // with its NUL
constexpr std::size_t kMaxProgramHeaders = 256;

struct Header {
    bool is_64 = true;
    std::uint16_t type = 0;
    std::uint16_t machine = 0;
    std::uint64_t entry = 0;
    std::uint64_t phoff = 0;
    std::uint16_t phentsize = 0;
    std::uint16_t phnum = 0;
};

struct ProgramHeader {
    std::uint32_t type = 0;
    std::uint64_t offset = 0, vaddr = 0, paddr = 0, filesz = 0, memsz = 0, align = 0;
};

struct LoadedSegment {
    Segment segment;
    std::uint64_t vaddr = 0;
};

// A field of the file's own word size.
std::uint64_t read_word(ByteReader& reader, bool is_64) {
    return is_64 ? reader.read<std::uint64_t>() : reader.read<std::uint32_t>();
}

Result<Header> read_header(ByteView file) {
    ByteReader reader(file);
    ByteView ident = reader.take(16);
    if (!reader.ok()) return fail(ErrorCode::kCorrupt, "not an ELF: the file ends inside its identification");
    Header header;
    if (ident[4] != 1 && ident[4] != 2)
        return fail(ErrorCode::kCorrupt, "not an ELF: class {} is neither 32 nor 64 bits", ident[4]);
    if (ident[5] != 1) return fail(ErrorCode::kUnsupported, "an ELF for a big-endian machine");
    header.is_64 = ident[4] == 2;
    header.type = reader.read<std::uint16_t>();
    header.machine = reader.read<std::uint16_t>();
    reader.read<std::uint32_t>();  // e_version
    header.entry = read_word(reader, header.is_64);
    header.phoff = read_word(reader, header.is_64);
    read_word(reader, header.is_64);  // e_shoff
    reader.take(6);                   // e_flags, e_ehsize
    header.phentsize = reader.read<std::uint16_t>();
    header.phnum = reader.read<std::uint16_t>();
    if (!reader.ok()) return fail(ErrorCode::kCorrupt, "not an ELF: the file ends inside its header");
    return header;
}

Status check_header(const Header& header) {
    const std::uint16_t wanted = header.is_64 ? kMachineX8664 : kMachine386;
    if (header.machine != wanted) {
        return fail(ErrorCode::kUnsupported, "an ELF for machine {} where x86 ({}) is needed", header.machine, wanted);
    }
    if (header.type != kTypeExecutable && header.type != kTypeShared) {
        return fail(ErrorCode::kUnsupported, "an ELF of type {}, not an executable", header.type);
    }
    const std::size_t size = header.is_64 ? 56 : 32;
    if (header.phentsize < size) return fail(ErrorCode::kCorrupt, "ELF program headers of {} bytes", header.phentsize);
    if (header.phnum > kMaxProgramHeaders)
        return fail(ErrorCode::kUnsupported, "an ELF with {} program headers", header.phnum);
    return {};
}

ProgramHeader read_program_header(ByteView bytes, bool is_64) {
    ByteReader reader(bytes);
    ProgramHeader ph;
    ph.type = reader.read<std::uint32_t>();
    if (is_64) reader.read<std::uint32_t>();  // p_flags
    ph.offset = read_word(reader, is_64);
    ph.vaddr = read_word(reader, is_64);
    ph.paddr = read_word(reader, is_64);
    ph.filesz = read_word(reader, is_64);
    ph.memsz = read_word(reader, is_64);
    if (!is_64) reader.read<std::uint32_t>();  // p_flags
    ph.align = read_word(reader, is_64);
    return ph;
}

Result<std::vector<ProgramHeader>> read_program_headers(ByteView file, const Header& header) {
    const std::uint64_t size = std::uint64_t{header.phnum} * header.phentsize;
    if (!inside({header.phoff, size}, file.size())) {
        return fail(ErrorCode::kCorrupt, "ELF program headers at {:#x} lie outside the file", header.phoff);
    }
    std::vector<ProgramHeader> headers;
    for (std::size_t i = 0; i < header.phnum; ++i) {
        headers.push_back(
            read_program_header(file.subspan(header.phoff + i * header.phentsize, header.phentsize), header.is_64));
    }
    return headers;
}

Result<std::vector<LoadedSegment>> loaded_segments(const std::vector<ProgramHeader>& headers, std::uint64_t file_size) {
    std::vector<LoadedSegment> loaded;
    for (const ProgramHeader& ph : headers) {
        if (ph.type != kProgramLoad || ph.memsz == 0) continue;
        if (ph.filesz > ph.memsz)
            return fail(ErrorCode::kCorrupt, "ELF segment at {:#x} is larger in the file than in memory", ph.paddr);
        if (!inside({ph.offset, ph.filesz}, file_size)) {
            return fail(ErrorCode::kCorrupt, "ELF segment at {:#x} lies outside the file: is the file cut short?",
                        ph.paddr);
        }
        if (!checked_add(ph.paddr, ph.memsz))
            return fail(ErrorCode::kCorrupt, "ELF segment at {:#x} wraps around", ph.paddr);
        loaded.push_back(
            {.segment = {.file = {ph.offset, ph.filesz}, .memory = {ph.paddr, ph.memsz}}, .vaddr = ph.vaddr});
    }
    if (loaded.empty()) return fail(ErrorCode::kCorrupt, "an ELF without anything to load");
    std::ranges::sort(loaded, {}, [](const LoadedSegment& s) { return s.segment.memory.base; });
    for (std::size_t i = 1; i < loaded.size(); ++i) {
        if (loaded[i].segment.memory.overlaps(loaded[i - 1].segment.memory)) {
            return fail(ErrorCode::kCorrupt, "ELF segments overlap at {:#x}", loaded[i].segment.memory.base);
        }
    }
    return loaded;
}

// e_entry is virtual by the gABI, and physical in Linux's vmlinux: a physical reading comes first.
std::optional<std::uint64_t> physical_entry(const std::vector<LoadedSegment>& loaded, std::uint64_t entry) {
    for (const LoadedSegment& s : loaded) {
        if (s.segment.memory.contains(entry)) return entry;
    }
    for (const LoadedSegment& s : loaded) {
        if (entry - s.vaddr < s.segment.memory.size) return s.segment.memory.base + (entry - s.vaddr);
    }
    return std::nullopt;
}

// Notes: namesz, descsz, type, name and descriptor, each padded to the segment's alignment (4, or 8 in a segment of
// alignment 8).
std::optional<std::uint32_t> find_pvh_note(ByteView notes, std::uint64_t alignment) {
    const std::uint64_t step = alignment == 8 ? 8 : 4;
    std::uint64_t at = 0;
    while (notes.size() - at >= 12) {
        const std::uint64_t name_size = load_le<std::uint32_t>(&notes[at]);
        const std::uint64_t desc_size = load_le<std::uint32_t>(&notes[at + 4]);
        const auto type = load_le<std::uint32_t>(&notes[at + 8]);
        const std::uint64_t desc = align_up(at + 12 + name_size, step);
        if (!inside({at + 12, name_size}, notes.size()) || !inside({desc, desc_size}, notes.size()))
            return std::nullopt;
        const bool is_xen = as_text(notes.subspan(at + 12, name_size)) == kXenName;
        if (is_xen && type == kNotePhys32Entry && desc_size >= 4) return load_le<std::uint32_t>(&notes[desc]);
        at = std::min<std::uint64_t>(align_up(desc + desc_size, step), notes.size());
    }
    return std::nullopt;
}

Result<std::optional<std::uint32_t>> pvh_entry(ByteView file, const std::vector<ProgramHeader>& headers,
                                               const Elf& elf) {
    for (const ProgramHeader& ph : headers) {
        if (ph.type != kProgramNote) continue;
        if (!inside({ph.offset, ph.filesz}, file.size()))
            return fail(ErrorCode::kCorrupt, "ELF notes lie outside the file");
        auto entry = find_pvh_note(file.subspan(ph.offset, ph.filesz), ph.align);
        if (!entry) continue;
        for (const Segment& segment : elf.segments) {
            if (segment.memory.contains(*entry)) return entry;
        }
        return fail(ErrorCode::kCorrupt, "the ELF's PVH entry {:#x} is in no loaded segment", *entry);
    }
    return std::nullopt;
}

}  // namespace

bool is_elf(ByteView file) {
    return file.size() >= 4 && as_text(file.first(4)) ==
                                   "\x7f"
                                   "ELF";
}

Result<Elf> parse_elf(ByteView file) {
    NYX_ASSIGN(const Header header, read_header(file));
    NYX_TRY(check_header(header));
    NYX_ASSIGN(const std::vector<ProgramHeader> headers, read_program_headers(file, header));
    NYX_ASSIGN(const std::vector<LoadedSegment> loaded, loaded_segments(headers, file.size()));
    Elf elf;
    elf.is_64 = header.is_64;
    for (const LoadedSegment& s : loaded) elf.segments.push_back(s.segment);
    auto entry = physical_entry(loaded, header.entry);
    if (!entry) return fail(ErrorCode::kCorrupt, "the ELF's entry {:#x} is in no loaded segment", header.entry);
    elf.entry = *entry;
    NYX_ASSIGN(elf.pvh_entry, pvh_entry(file, headers, elf));
    return elf;
}

}  // namespace nyx::image
