// The typed machine: every name resolved, every value typed, each with the place that set it. Data only.
//
// compiler/check makes it from a script::MachineConfig and the schemas of stdlib; compiler/place turns it into a plan.
// Addresses, lines and ports that the author left open are `auto` here (std::nullopt).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/model/origin.h"
#include "runtime/base/span.h"

namespace nyx::model {

// A value and where it comes from. is_default: `where` is the schema's line in stdlib, and messages say so.
template <class T>
struct Sourced {
    T value{};
    Span where;
    bool is_default = false;
};

// One cpuid leaf register and the bits that a profile removes from, or requires of, what KVM supports.
// Source of the bit numbers: Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E.
struct CpuidBits {
    std::uint32_t leaf = 0;
    std::uint32_t subleaf = 0;
    char reg = 'a';  // a, b, c, d
    std::uint32_t clear = 0;
    std::uint32_t require = 0;
};

// A named CPU profile of stdlib/cpu.ny. quirks: what a kind of host (named as `nyx doctor` names it) claims and cannot
// do.
struct CpuProfile {
    std::string name;
    std::vector<CpuidBits> bits;
    std::map<std::string, std::vector<CpuidBits>> quirks;
};

// A file named in the source. path is resolved against the source file's folder.
struct Image {
    std::string path;
    std::string written;  // as the author wrote it
};

enum class EntryMode { kReal16, kProtected32, kLong64 };

struct BootLinux {  // bzImage by the 64-bit boot protocol, or an ELF vmlinux by PVH; which, the file says
    Sourced<Image> kernel;
    std::optional<Sourced<Image>> initrd;
    Sourced<std::string> cmdline;
};
struct BootElf {  // ELF64, entered in long mode
    Sourced<Image> image;
};
struct BootPvh {
    Sourced<Image> image;
    std::optional<Sourced<Image>> initrd;
    Sourced<std::string> cmdline;
};
struct BootMultiboot {  // multiboot 1
    Sourced<Image> image;
    std::optional<Sourced<Image>> module;
    Sourced<std::string> cmdline;
};
struct BootFlat {  // raw bytes at an address
    Sourced<Image> image;
    Sourced<std::uint64_t> load;
    Sourced<std::uint64_t> entry;
    Sourced<EntryMode> mode;
};
struct BootFirmware {  // SeaBIOS or another image that ends at 4 GiB and starts at the reset vector
    Sourced<Image> image;
};
using Boot = std::variant<BootLinux, BootElf, BootPvh, BootMultiboot, BootFlat, BootFirmware>;

// A value of a device's field, after the schema has typed it. A record is two or more fields: `backend = file("log")`
// is "backend" = "file" and "backend.path" = "log". A field whose value is null is absent.
using FieldValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

// What an integer counts: bytes, nanoseconds, bits per second, hertz.
enum class Unit { kNone, kBytes, kNanoseconds, kBitsPerSecond, kHertz };

struct Field : Sourced<FieldValue> {
    Unit unit = Unit::kNone;
};

// An address or line that a device needs. fixed: where the author wants it; candidates: the schema's choices, in order;
// fixed may be one of them.
struct ResourceRequest {
    std::string field;  // "base", "irq": the schema's name, used in messages
    enum class Kind { kPio, kMmio, kGsi } kind = Kind::kPio;
    std::uint64_t size = 1;  // ports or bytes; 1 for a line
    std::uint64_t alignment = 1;
    std::optional<Sourced<std::uint64_t>> fixed;
    std::vector<std::uint64_t> candidates;  // empty and not fixed: anywhere that is free
    // The request of this device whose chosen candidate decides ours, by index ("base": COM2's address brings COM2's
    // line). Empty: none.
    std::string follows;
};

// A file that a device hands to the guest, by a name of the guest's.
struct HandedFile {
    Sourced<std::string> name;
    std::variant<Sourced<std::string>, Sourced<Image>> content;
};

struct Device {
    std::string name;  // unique in the machine: "com1"
    std::string type;  // in devices/catalog.def: "serial"
    Span where;
    bool is_default = false;                 // the board brings it, not the author
    std::vector<ResourceRequest> resources;  // in the schema's order: the k-th port range is the device's k-th region
    std::map<std::string, Field> fields;     // guest-visible
    std::vector<HandedFile> files = {};      // guest-visible
    std::map<std::string, Field> host;       // how the host serves it (backend): never part of the plan
    // A machine has at most one of this type: the guest could not tell them apart.
    bool is_single = false;
};

struct Machine {
    std::string name;
    Span where;
    std::string doc;
    Sourced<std::uint64_t> memory;  // bytes
    Sourced<std::uint32_t> cpus;
    Sourced<CpuProfile> cpu;
    Sourced<bool> pit;   // in-kernel i8254
    Sourced<bool> acpi;  // ACPI and SMBIOS tables are given to the guest
    Sourced<Boot> boot;
    // How it is best run ("kvm", "soft"; "kernel", "user"): never part of the plan.
    std::optional<Sourced<std::string>> accelerator;
    std::optional<Sourced<std::string>> irqchip;
    std::vector<Device> devices;  // in order of the source, the board's defaults first
    Origins origins;              // of everything above, and of what nobody set
};

// What runs machines, as far as it was declared: `host rack { memory = 64 GiB; machines = [web, db] }`.
struct Host {
    std::string name;
    Span where;
    std::optional<Sourced<std::uint64_t>> memory;  // bytes, for all its guests together
    std::optional<Sourced<std::uint32_t>> cpus;    // vCPUs, likewise
    // The machines that it runs; nothing: all that no other host names.
    std::optional<std::vector<Sourced<std::string>>> machines;
};

}  // namespace nyx::model
