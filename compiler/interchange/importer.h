// What the three importers share. Part of import_machine().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/interchange/import.h"

namespace nyx::interchange {

// Where a PC has its serial ports COM1 to COM4, and the lines that nyx gives them.
inline constexpr std::uint64_t kComBases[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8};
inline constexpr std::uint64_t kComLines[] = {4, 3, 5, 7};
inline constexpr std::uint64_t kComPorts = 8;

class Importer {
  public:
    Importer(const source::SourceMap& sources, std::uint32_t file, const std::vector<std::string>& features,
             diagnostics::Sink& sink)
        : sources_(sources), file_(file), features_(features), sink_(sink) {}

    std::string_view text() const { return sources_.file(file_).text; }
    std::uint32_t line(std::size_t offset) const;
    diagnostics::Diagnostic& mistake(std::size_t begin, std::size_t end, std::string message);

    // A whole number of base 10, or 16 with 0x; anything else is a mistake at the place. Nothing after a mistake.
    std::optional<std::uint64_t> number(std::string_view digits, std::size_t offset, const std::string& what,
                                        std::uint64_t max);
    // RAM in bytes: what nyx cannot have is a mistake, a part of a page is rounded up with a loss.
    void set_memory(std::uint64_t bytes, std::size_t begin, std::size_t end);
    void set_cpus(std::uint64_t count, std::size_t begin, std::size_t end);
    // By a model of QEMU and libvirt; the features that QEMU adds to it are its own affair.
    void set_cpu_model(const std::string& model, std::uint32_t line);
    void set_feature(const std::string& name, bool on, std::uint32_t line);
    // Of another name where that one is taken; at another place where another has it, with a loss.
    void add_serial(ImportedSerial serial, std::size_t offset);
    // Of another name where that one is taken. Nothing but raw images: `format` is the source's word for it, empty
    // where it says nothing.
    void add_disk(ImportedDisk disk, std::string_view format, std::uint32_t line);
    void add_net(ImportedNet net, std::uint32_t line);
    // One device of nyx may have the terminal: the second becomes a pseudo-terminal.
    void claim_terminal(ImportedSerial& device, std::uint32_t line);

    ImportedMachine machine;

  private:
    bool is_taken(const std::string& name) const;
    std::string free_name(const std::string& wanted, const char* prefix, std::size_t number) const;
    void settle_name(ImportedSerial& serial) const;
    void settle_place(ImportedSerial& serial, std::uint32_t line);

    const source::SourceMap& sources_;
    std::uint32_t file_;
    const std::vector<std::string>& features_;
    diagnostics::Sink& sink_;
    bool has_terminal_ = false;
};

void import_libvirt(Importer& importer);
void import_firecracker(Importer& importer);
void import_qemu(Importer& importer);

}  // namespace nyx::interchange
