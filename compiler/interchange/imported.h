// A machine as an importer found it: what this build can have of it, and what it cannot, each with its reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nyx::interchange {

// Something that was not carried over.
struct Loss {
    std::string what;    // "disk vda (/var/lib/web.qcow2)"
    std::string reason;  // "this build has no USB"
    std::uint32_t line = 0;
};

struct ImportedSerial {
    std::string name;
    std::optional<std::uint64_t> base;  // ports; empty: where the k-th serial port of a PC is
    std::optional<std::uint64_t> irq;
    std::string backend = "none";  // "stdio", "pty", "file", "none"
    std::string path;              // of a file
};

// A raw image, as a virtio disk.
struct ImportedDisk {
    std::string name;
    std::string path;
    bool read_only = false;
};

// A virtio network card.
struct ImportedNet {
    std::string name;
    std::string network = "user";       // "user", "tap"
    std::string interface;              // of a tap
    std::vector<std::string> forwards;  // of a user-mode network: "tcp(2222, 22)"
    std::string mac;                    // "52:54:00:12:34:56"; empty: nyx's choice
};

struct ImportedBoot {
    bool is_firmware = true;  // else Linux or another kernel that the file itself names
    std::string image;
    std::string initrd;
    std::string cmdline;
};

struct ImportedMachine {
    std::string name;
    std::string doc;
    std::optional<std::uint64_t> memory;  // bytes
    std::uint32_t cpus = 1;
    std::string cpu;  // profile of stdlib; empty: host
    std::vector<std::string> without;
    std::vector<std::string> requires_bits;
    ImportedBoot boot;
    bool acpi = true;
    bool pit = true;
    std::string accelerator;
    std::string irqchip;
    std::vector<ImportedSerial> serials;
    std::vector<ImportedDisk> disks;
    std::vector<ImportedNet> nets;
    bool has_rng = false;
    std::optional<std::uint64_t> pvpanic_port;
    std::optional<std::uint64_t> exit_port;
    std::optional<std::uint64_t> debugcon_port;
    ImportedSerial debugcon;  // its backend
    std::vector<Loss> losses;

    void lose(std::string what, std::string reason, std::uint32_t line = 0) {
        losses.push_back({std::move(what), std::move(reason), line});
    }
};

// The firmware that QEMU starts where nothing else is said, as Debian's package seabios has it.
inline constexpr const char* kDefaultFirmware = "/usr/share/seabios/bios-256k.bin";

}  // namespace nyx::interchange
