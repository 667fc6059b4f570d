#include "runtime/jit/object_file.h"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "runtime/base/bits.h"

namespace nyx::jit {

namespace {

constexpr std::uint32_t kNotLoaded = 0xFFFFFFFF;
constexpr std::int64_t kMaxAddend = std::int64_t{1} << 28;

template <class... Args>
tl::unexpected<Error> refuse(fmt::format_string<Args...> format, Args&&... args) {
    return fail(ErrorCode::kCorrupt, "it is no object that can be linked: {}",
                fmt::format(format, std::forward<Args>(args)...));
}

template <class T>
T load(ByteView bytes, std::uint64_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

class Reader {
  public:
    explicit Reader(ByteView file) : file_(file) {}

    Result<ObjectFile> read() {
        NYX_TRY(read_header());
        NYX_TRY(read_sections());
        NYX_TRY(find_symbols());
        NYX_TRY(read_functions());
        NYX_TRY(read_relocations());
        return std::move(object_);
    }

  private:
    Status read_header() {
        if (file_.size() < sizeof(Elf64_Ehdr) || file_.size() > ObjectFile::kMaxSize)
            return refuse("it has {} bytes", file_.size());
        header_ = load<Elf64_Ehdr>(file_, 0);
        const bool is_ours = std::memcmp(header_.e_ident, ELFMAG, SELFMAG) == 0 &&
                             header_.e_ident[EI_CLASS] == ELFCLASS64 && header_.e_ident[EI_DATA] == ELFDATA2LSB &&
                             header_.e_type == ET_REL && header_.e_machine == EM_X86_64;
        if (!is_ours) return refuse("it is not a relocatable ELF64 file for x86-64");
        if (header_.e_shentsize != sizeof(Elf64_Shdr) || header_.e_shnum == 0 || header_.e_shnum > 256)
            return refuse("{} sections of {} bytes cannot be", header_.e_shnum, header_.e_shentsize);
        if (!is_inside(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr)))
            return refuse("its section table leaves it");
        return {};
    }

    bool is_inside(std::uint64_t offset, std::uint64_t size) const {
        const auto end = checked_add(offset, size);
        return end && *end <= file_.size();
    }

    Status read_sections() {
        for (std::uint32_t i = 0; i < header_.e_shnum; ++i) {
            const auto section = load<Elf64_Shdr>(file_, header_.e_shoff + i * sizeof(Elf64_Shdr));
            headers_.push_back(section);
            loaded_.push_back(kNotLoaded);
            if (section.sh_type == SHT_NULL) continue;
            if (section.sh_type != SHT_NOBITS && !is_inside(section.sh_offset, section.sh_size))
                return refuse("section {} leaves it", i);
            if ((section.sh_flags & SHF_ALLOC) != 0) NYX_TRY(load_section(i));
        }
        return {};
    }

    Status load_section(std::uint32_t number) {
        const Elf64_Shdr& section = headers_[number];
        constexpr std::uint64_t kAllowed = SHF_ALLOC | SHF_EXECINSTR | SHF_MERGE | SHF_STRINGS;
        if (section.sh_type != SHT_PROGBITS || (section.sh_flags & ~kAllowed) != 0)
            return refuse("section {} is neither code nor data that stay as they are", number);
        const std::uint64_t alignment = std::max<std::uint64_t>(section.sh_addralign, 1);
        if (!std::has_single_bit(alignment) || alignment > ObjectFile::kMaxAlignment)
            return refuse("section {} is aligned to {}", number, alignment);
        loaded_[number] = static_cast<std::uint32_t>(object_.sections.size());
        object_.sections.push_back(
            {file_.subspan(section.sh_offset, section.sh_size), alignment, (section.sh_flags & SHF_EXECINSTR) != 0});
        return {};
    }

    // The one symbol table, with its names.
    Status find_symbols() {
        const auto table = std::ranges::find(headers_, Elf64_Word{SHT_SYMTAB}, &Elf64_Shdr::sh_type);
        if (table == headers_.end()) return refuse("it has no symbols");
        if (table->sh_entsize != sizeof(Elf64_Sym) || table->sh_size % sizeof(Elf64_Sym) != 0 ||
            table->sh_link >= headers_.size() || headers_[table->sh_link].sh_type != SHT_STRTAB)
            return refuse("its symbol table is damaged");
        const Elf64_Shdr& names = headers_[table->sh_link];
        names_ = as_text(file_.subspan(names.sh_offset, names.sh_size));
        for (std::uint64_t at = 0; at < table->sh_size; at += sizeof(Elf64_Sym))
            symbols_.push_back(load<Elf64_Sym>(file_, table->sh_offset + at));
        symbol_table_ = static_cast<std::uint32_t>(table - headers_.begin());
        for (std::size_t i = 1; i < symbols_.size(); ++i) NYX_TRY(check_symbol(symbols_[i]));
        return {};
    }

    Status check_symbol(const Elf64_Sym& symbol) const {
        if (!name_of(symbol)) return refuse("the name of a symbol leaves its table");
        if (ELF64_ST_TYPE(symbol.st_info) == STT_FILE && symbol.st_shndx == SHN_ABS) return {};
        if (symbol.st_shndx == SHN_UNDEF) return refuse("it refers to '{}' outside", *name_of(symbol));
        if (symbol.st_shndx >= headers_.size()) return refuse("symbol '{}' is nowhere", *name_of(symbol));
        if (symbol.st_value > headers_[symbol.st_shndx].sh_size)
            return refuse("symbol '{}' leaves its section", *name_of(symbol));
        return {};
    }

    std::optional<std::string_view> name_of(const Elf64_Sym& symbol) const {
        if (symbol.st_name >= names_.size()) return std::nullopt;
        const std::string_view rest = names_.substr(symbol.st_name);
        const std::size_t end = rest.find('\0');
        return end == std::string_view::npos ? std::nullopt : std::optional(rest.substr(0, end));
    }

    // Index of the loaded section that a symbol is in.
    std::uint32_t section_of(const Elf64_Sym& symbol) const {
        return symbol.st_shndx < loaded_.size() ? loaded_[symbol.st_shndx] : kNotLoaded;
    }

    Status read_functions() {
        for (std::size_t i = 1; i < symbols_.size(); ++i) {
            const Elf64_Sym& symbol = symbols_[i];
            if (ELF64_ST_BIND(symbol.st_info) != STB_GLOBAL) continue;
            const std::uint32_t section = section_of(symbol);
            if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || section == kNotLoaded ||
                !object_.sections[section].is_code || symbol.st_value >= object_.sections[section].bytes.size())
                return refuse("it exports '{}', which is no function", *name_of(symbol));
            object_.functions.push_back({*name_of(symbol), section, symbol.st_value});
        }
        return {};
    }

    Status read_relocations() {
        for (const Elf64_Shdr& table : headers_) {
            if (table.sh_type == SHT_REL) return refuse("it has relocations without addends");
            if (table.sh_type != SHT_RELA) continue;
            if (table.sh_info >= loaded_.size()) return refuse("relocations of no section");
            if (loaded_[table.sh_info] == kNotLoaded) continue;
            if (table.sh_entsize != sizeof(Elf64_Rela) || table.sh_size % sizeof(Elf64_Rela) != 0 ||
                table.sh_link != symbol_table_)
                return refuse("a table of relocations is damaged");
            for (std::uint64_t at = 0; at < table.sh_size; at += sizeof(Elf64_Rela))
                NYX_TRY(add(loaded_[table.sh_info], load<Elf64_Rela>(file_, table.sh_offset + at)));
        }
        return {};
    }

    Status add(std::uint32_t section, const Elf64_Rela& relocation) {
        const std::uint64_t kind = ELF64_R_TYPE(relocation.r_info), symbol = ELF64_R_SYM(relocation.r_info);
        if (kind != R_X86_64_PC32 && kind != R_X86_64_PLT32) return refuse("relocation of kind {}", kind);
        const auto end = checked_add(relocation.r_offset, std::uint64_t{4});
        if (!end || *end > object_.sections[section].bytes.size()) return refuse("a relocation leaves its section");
        if (symbol == 0 || symbol >= symbols_.size()) return refuse("a relocation of no symbol");
        const std::uint32_t target = section_of(symbols_[symbol]);
        if (target == kNotLoaded) return refuse("a relocation of what is not loaded");
        if (relocation.r_addend > kMaxAddend || relocation.r_addend < -kMaxAddend)
            return refuse("a relocation reaches out of the code");
        object_.relocations.push_back({section, relocation.r_offset, target,
                                       static_cast<std::int64_t>(symbols_[symbol].st_value) + relocation.r_addend});
        return {};
    }

    ByteView file_;
    Elf64_Ehdr header_{};
    std::vector<Elf64_Shdr> headers_;
    std::vector<std::uint32_t> loaded_;  // by number of a section: its index in object_.sections
    std::vector<Elf64_Sym> symbols_;
    std::uint32_t symbol_table_ = 0;
    std::string_view names_;
    ObjectFile object_;
};

}  // namespace

Result<ObjectFile> ObjectFile::read(ByteView file) {
    return Reader(file).read();
}

}  // namespace nyx::jit
