#include "made_images.h"

#include <algorithm>

namespace nyx::made {
namespace {

void put_word(ByteWriter& out, bool is_64, std::uint64_t value) {
    if (is_64) {
        out.write<std::uint64_t>(value);
    } else {
        out.write<std::uint32_t>(static_cast<std::uint32_t>(value));
    }
}

void put_program_header(ByteWriter& out, bool is_64, std::uint32_t type, std::uint64_t offset, const ElfSegment& s) {
    const std::uint64_t memsz = s.memsz == 0 ? s.contents.size() : s.memsz;
    out.write<std::uint32_t>(type);
    if (is_64) out.write<std::uint32_t>(7);
    put_word(out, is_64, offset);
    put_word(out, is_64, s.vaddr);
    put_word(out, is_64, s.paddr);
    put_word(out, is_64, s.contents.size());
    put_word(out, is_64, memsz);
    if (!is_64) out.write<std::uint32_t>(7);
    put_word(out, is_64, 4);
}

Bytes pvh_note(std::uint32_t entry) {
    ByteWriter note;
    note.write<std::uint32_t>(4);
    note.write<std::uint32_t>(4);
    note.write<std::uint32_t>(18);
    note.write(std::string_view("Xen", 4));
    note.write(entry);
    return note.take();
}

void put(Bytes& bytes, std::size_t at, ByteView part) {
    std::ranges::copy(part, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

template <class T>
void store(Bytes& bytes, std::size_t at, T value) {
    store_le(bytes.data() + at, value);
}

}  // namespace

Bytes elf(const ElfOptions& o) {
    ByteWriter out;
    const std::uint8_t ident[16] = {0x7F, 'E', 'L', 'F', static_cast<std::uint8_t>(o.is_64 ? 2 : 1), 1, 1};
    out.write(ByteView(ident));
    out.write<std::uint16_t>(2);
    out.write<std::uint16_t>(o.is_64 ? 62 : 3);
    out.write<std::uint32_t>(1);
    put_word(out, o.is_64, o.entry);
    put_word(out, o.is_64, 64);
    put_word(out, o.is_64, 0);
    out.write<std::uint32_t>(0);
    out.write<std::uint16_t>(o.is_64 ? 64 : 52);
    out.write<std::uint16_t>(o.is_64 ? 56 : 32);
    out.write<std::uint16_t>(static_cast<std::uint16_t>(o.segments.size() + (o.pvh_entry ? 1 : 0)));
    out.zeros(64 - out.size());
    std::size_t at = 0x1000;
    for (const ElfSegment& s : o.segments) {
        put_program_header(out, o.is_64, 1, at, s);
        at += align_up(s.contents.size(), 0x1000);
    }
    const Bytes note = pvh_note(o.pvh_entry.value_or(0));
    if (o.pvh_entry) put_program_header(out, o.is_64, 4, 0x200, {.paddr = 0, .vaddr = 0, .contents = note});
    Bytes file = out.take();
    file.resize(at);
    if (o.pvh_entry) put(file, 0x200, note);
    at = 0x1000;
    for (const ElfSegment& s : o.segments) {
        put(file, at, s.contents);
        at += align_up(s.contents.size(), 0x1000);
    }
    return file;
}

Bytes bzimage(const BzImageOptions& o) {
    constexpr std::size_t kSetupSects = 3;
    Bytes file((kSetupSects + 1) * 512);
    file[0x1F1] = kSetupSects;
    store<std::uint16_t>(file, 0x1FE, 0xAA55);
    file[0x200] = 0xEB;
    file[0x201] = 0x68;  // the header ends at 0x26A
    put(file, 0x202, as_bytes("HdrS"));
    store(file, 0x206, o.version);
    file[0x211] = 1;  // LOADED_HIGH
    store(file, 0x22C, o.initrd_addr_max);
    store<std::uint32_t>(file, 0x230, 0x200000);
    file[0x234] = o.relocatable ? 1 : 0;
    store(file, 0x236, o.xloadflags);
    store(file, 0x238, o.cmdline_size);
    store(file, 0x258, o.pref_address);
    store(file, 0x260, o.init_size);
    file.insert(file.end(), o.kernel.begin(), o.kernel.end());
    return file;
}

Bytes multiboot(std::uint32_t flags, std::uint32_t load_addr, std::uint32_t bss) {
    constexpr std::uint32_t kMagic = 0x1BADB002;
    constexpr std::uint32_t kSize = 64;
    ByteWriter out;
    out.write(kMagic);
    out.write(flags);
    out.write(0 - kMagic - flags);
    out.write(load_addr);                // header_addr: the header is the image's first word
    out.write(load_addr);                // load_addr
    out.write(load_addr + kSize);        // load_end_addr
    out.write(load_addr + kSize + bss);  // bss_end_addr
    out.write(load_addr + 32);           // entry_addr
    out.zeros(kSize - out.size() - 1);
    out.write<std::uint8_t>(0xF4);
    return out.take();
}

}  // namespace nyx::made
