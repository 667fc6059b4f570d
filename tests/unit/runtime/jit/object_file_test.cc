// What an object may be, and that it is refused for each thing that it may not be.
#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <fstream>
#include <string>

#include "runtime/jit/exit_code.h"
#include "runtime/jit/object_file.h"

using namespace nyx;
using namespace nyx::jit;

namespace {

constexpr std::uint64_t kText = 64, kRela = 128, kSymbols = 192, kNames = 512, kHeaders = 768;
constexpr unsigned kTextSize = 16;

// An object with four functions of one RET each, and a relocation inside its code.
struct Made {
    Bytes bytes = Bytes(kHeaders + 5 * sizeof(Elf64_Shdr));
    Elf64_Ehdr header{};
    Elf64_Shdr sections[5]{};
    Elf64_Sym symbols[6]{};
    Elf64_Rela relocation{1, ELF64_R_INFO(1, R_X86_64_PC32), -4};
    std::string names = std::string("\0", 1);

    Made() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_REL;
        header.e_machine = EM_X86_64;
        header.e_shoff = kHeaders;
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_shnum = 5;
        sections[1] = {0, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, kText, kTextSize, 0, 0, 16, 0};
        sections[2] = {0, SHT_RELA, 0, 0, kRela, sizeof(Elf64_Rela), 3, 1, 8, sizeof(Elf64_Rela)};
        sections[3] = {0, SHT_SYMTAB, 0, 0, kSymbols, sizeof symbols, 4, 1, 8, sizeof(Elf64_Sym)};
        sections[4] = {0, SHT_STRTAB, 0, 0, kNames, 0, 0, 0, 1, 0};
        symbols[1] = {0, ELF64_ST_INFO(STB_LOCAL, STT_SECTION), 0, 1, 0, 0};
        const char* functions[] = {plan::kPioReadSymbol, plan::kPioWriteSymbol, plan::kMmioReadSymbol,
                                   plan::kMmioWriteSymbol};
        for (unsigned i = 0; i < 4; ++i) {
            symbols[2 + i] = {
                static_cast<Elf64_Word>(names.size()), ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, 8 + i, 1};
            names += std::string(functions[i]) + '\0';
        }
    }

    Bytes done() {
        sections[4].sh_size = names.size();
        const auto put = [&](std::uint64_t at, const void* from, std::size_t size) {
            std::memcpy(bytes.data() + at, from, size);
        };
        std::fill_n(bytes.begin() + kText, kTextSize, std::uint8_t{0xC3});
        put(0, &header, sizeof header);
        put(kRela, &relocation, sizeof relocation);
        put(kSymbols, symbols, sizeof symbols);
        put(kNames, names.data(), names.size());
        put(kHeaders, sections, sizeof sections);
        return bytes;
    }
    // Why it is refused; empty: it is not.
    std::string refusal() {
        const Bytes file = done();
        const auto read = ObjectFile::read(file);
        return read ? "" : read.error().message;
    }
};

template <class Change>
std::string refusal_after(Change change) {
    Made made;
    change(made);
    return made.refusal();
}

bool says(const std::string& message, std::string_view what) {
    CAPTURE(message);
    return message.find(what) != std::string::npos;
}

// The mappings of this process that are writable and executable.
int writable_code() {
    std::ifstream maps("/proc/self/maps");
    int found = 0;
    for (std::string line; std::getline(maps, line);)
        if (line.find(" rwx") != std::string::npos) ++found;
    return found;
}

}  // namespace

TEST_CASE("a good object is linked, and is not writable any more") {
    const Bytes file = Made().done();
    const auto code = ExitCode::link(file);
    REQUIRE_MESSAGE(code, code.error().message);
    (*code)->functions().pio_write(nullptr, nullptr, 0, 1, 0);  // a RET
    CHECK((*code)->size() == 4096);
    CHECK(writable_code() == 0);
}

TEST_CASE("what an object may not be") {
    CHECK(says(refusal_after([](Made& m) { m.header.e_type = ET_DYN; }), "not a relocatable"));
    CHECK(says(refusal_after([](Made& m) { m.header.e_shnum = 6; }), "section table leaves"));
    CHECK(says(refusal_after([](Made& m) { m.header.e_shoff = ~std::uint64_t{0} - 8; }), "section table leaves"));
    CHECK(says(refusal_after([](Made& m) { m.sections[1].sh_flags |= SHF_WRITE; }), "stay as they are"));
    CHECK(says(refusal_after([](Made& m) { m.sections[1].sh_flags |= SHF_TLS; }), "stay as they are"));
    CHECK(says(refusal_after([](Made& m) { m.sections[1].sh_type = SHT_INIT_ARRAY; }), "stay as they are"));
    CHECK(says(refusal_after([](Made& m) { m.sections[1].sh_size = 1 << 20; }), "section 1 leaves"));
    CHECK(says(refusal_after([](Made& m) { m.sections[1].sh_addralign = 24; }), "aligned"));
    CHECK(says(refusal_after([](Made& m) { m.sections[3].sh_link = 1; }), "symbol table"));
    CHECK(says(refusal_after([](Made& m) { m.sections[3].sh_link = 77; }), "symbol table"));
}

TEST_CASE("symbols of an object") {
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_shndx = SHN_UNDEF; }), "outside"));
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_shndx = SHN_COMMON; }), "nowhere"));
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_shndx = 44; }), "nowhere"));
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_value = kTextSize + 1; }), "leaves its section"));
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_value = kTextSize; }), "no function"));
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_name = 4000; }), "name of a symbol"));
    CHECK(says(refusal_after([](Made& m) { m.symbols[3].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT); }),
               "no function"));
}

TEST_CASE("relocations of an object") {
    CHECK(says(refusal_after([](Made& m) { m.relocation.r_info = ELF64_R_INFO(1, R_X86_64_64); }), "kind 1"));
    CHECK(says(refusal_after([](Made& m) { m.relocation.r_info = ELF64_R_INFO(1, R_X86_64_GOTPCREL); }), "kind 9"));
    CHECK(says(refusal_after([](Made& m) { m.relocation.r_offset = kTextSize - 3; }), "leaves its section"));
    CHECK(says(refusal_after([](Made& m) { m.relocation.r_offset = ~std::uint64_t{0}; }), "leaves its section"));
    CHECK(says(refusal_after([](Made& m) { m.relocation.r_info = ELF64_R_INFO(9, R_X86_64_PC32); }), "no symbol"));
    CHECK(says(refusal_after([](Made& m) { m.relocation.r_addend = std::int64_t{1} << 40; }), "reaches out"));
    CHECK(says(refusal_after([](Made& m) { m.sections[2].sh_type = SHT_REL; }), "without addends"));
    CHECK(says(refusal_after([](Made& m) { m.sections[2].sh_info = 99; }), "no section"));
}

TEST_CASE("an object for another version is not used") {
    Made made;
    const std::string version = "_" + std::to_string(plan::kExitAbi) + "_";
    REQUIRE(version.size() == 3);
    made.names[made.names.find(version) + 1] = '2';
    const Bytes file = made.done();
    const auto code = ExitCode::link(file);
    REQUIRE(!code);
    CHECK(code.error().code == ErrorCode::kUnsupported);
}
