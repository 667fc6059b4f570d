// A command line of qemu-system-x86_64, as in a shell script.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "compiler/interchange/importer.h"
#include "compiler/interchange/qemu_devices.h"
#include "compiler/interchange/qemu_options.h"
#include "compiler/interchange/reasons.h"
#include "compiler/interchange/shell_words.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

class CommandLine {
  public:
    CommandLine(Importer& importer, std::vector<ShellWord> words)
        : in_(importer), words_(std::move(words)), devices_(importer) {}

    void read() {
        if (!find_program()) return;
        while (next_ < words_.size() && !words_[next_].is_operator) read_one();
        if (next_ < words_.size() && words_[next_].text != "\n")
            in_.machine.lose(fmt::format("what follows `{}`", words_[next_].text), "it is the shell's",
                             line(words_[next_]));
        finish();
    }

  private:
    std::uint32_t line(const ShellWord& word) const { return in_.line(word.begin); }
    void lose(const std::string& what, const std::string& reason, const ShellWord& word) {
        in_.machine.lose(one_line(what), reason, line(word));
    }

    // The program, behind `sudo`, `exec`, settings of variables and lines before it.
    bool find_program() {
        auto is_program = [](const ShellWord& word) {
            std::string_view name = std::string_view(word.text).substr(word.text.rfind('/') + 1);
            return !word.is_operator && (name.starts_with("qemu-system-") || name == "qemu-kvm" || name == "kvm");
        };
        auto found = std::find_if(words_.begin(), words_.end(), is_program);
        if (found == words_.end()) {
            in_.mistake(0, 1, "no program of QEMU is called here").help("it begins with `qemu-system-x86_64`");
            return false;
        }
        std::string_view name = std::string_view(found->text).substr(found->text.rfind('/') + 1);
        if (name.starts_with("qemu-system-") && name != "qemu-system-x86_64" && name != "qemu-system-i386")
            in_.mistake(found->begin, found->end,
                        fmt::format("nyx has x86_64 machines only, and this is {}", one_line(name)));
        next_ = static_cast<std::size_t>(found - words_.begin()) + 1;
        return true;
    }

    void read_one() {
        const ShellWord& word = words_[next_++];
        if (word.has_variable) warn_of_variable(word);
        if (!word.text.starts_with('-')) return lose("disk " + word.text, reason_for("disk"), word);
        std::string name = word.text.substr(word.text.starts_with("--") ? 2 : 1);
        if (is_flag(name)) return flag(name, word);
        if (next_ >= words_.size() || words_[next_].is_operator) {
            in_.mistake(word.begin, word.end, fmt::format("`{}` has no value behind it", one_line(word.text)));
            return;
        }
        const ShellWord& value = words_[next_++];
        if (value.has_variable) warn_of_variable(value);
        option(name, value);
    }
    void warn_of_variable(const ShellWord& word) {
        lose("a variable in " + word.text, "nothing is expanded here; it stands as it is written", word);
    }

    void flag(const std::string& name, const ShellWord& word) {
        if (name == "enable-kvm") return accelerator("kvm", word);
        if (name == "no-acpi") in_.machine.acpi = false;
        if (name == "nographic") is_nographic_ = true;
        if (name == "nodefaults") has_defaults_ = false;
        static constexpr std::string_view kSilent[] = {"no-acpi",        "nographic",   "nodefaults",
                                                       "no-user-config", "no-hpet",     "no-reboot",
                                                       "no-fd-bootchk",  "no-shutdown", "only-migratable"};
        if (std::find(std::begin(kSilent), std::end(kSilent), name) == std::end(kSilent))
            lose("-" + name, reason_for(name), word);
    }

    void option(const std::string& name, const ShellWord& value) {
        struct Handler {
            std::string_view name;
            void (CommandLine::*read)(const ShellWord&);
        };
        static constexpr Handler kHandlers[] = {
            {"m", &CommandLine::memory},          {"smp", &CommandLine::cpus},
            {"name", &CommandLine::name},         {"cpu", &CommandLine::cpu},
            {"M", &CommandLine::board},           {"machine", &CommandLine::board},
            {"accel", &CommandLine::accel},       {"kernel", &CommandLine::kernel},
            {"initrd", &CommandLine::initrd},     {"append", &CommandLine::append},
            {"bios", &CommandLine::bios},         {"serial", &CommandLine::serial},
            {"device", &CommandLine::device},     {"chardev", &CommandLine::chardev},
            {"debugcon", &CommandLine::debugcon}, {"rtc", &CommandLine::rtc},
            {"pflash", &CommandLine::pflash},     {"display", &CommandLine::display},
            {"vga", &CommandLine::display},       {"net", &CommandLine::net},
            {"nic", &CommandLine::nic},           {"parallel", &CommandLine::display},
            {"drive", &CommandLine::drive},       {"netdev", &CommandLine::netdev},
        };
        for (const Handler& handler : kHandlers)
            if (handler.name == name) return (this->*handler.read)(value);
        lose(fmt::format("-{} {}", name, value.text),
             reason_for(name == "drive" || name.starts_with("hd") ? "drive" : name + value.text), value);
    }

    void memory(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "size");
        if (const std::string* text = value.find("size")) {
            if (auto bytes = qemu_size(*text)) {
                in_.set_memory(*bytes, word.begin, word.end);
            } else {
                in_.mistake(word.begin, word.end, fmt::format("`{}` is no size", one_line(*text, 60)))
                    .help("QEMU takes 512, 2048M or 2G");
            }
        }
        if (value.find("slots") || value.find("maxmem"))
            lose("memory that comes later (slots, maxmem)", reason_for("hotplug"), word);
    }

    void cpus(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "cpus");
        std::uint64_t product = 1;
        bool has_topology = false;
        for (const char* part : {"sockets", "dies", "clusters", "cores", "threads"}) {
            const std::string* text = value.find(part);
            auto count = text ? in_.number(*text, word.begin, part, 4096) : std::optional<std::uint64_t>(1);
            if (!count) return;
            product *= *count;
            has_topology = has_topology || (*count != 1 && std::string_view(part) != "sockets");
        }
        const std::string* text = value.find("cpus");
        auto count = text ? in_.number(*text, word.begin, "the number of vCPUs", 1u << 20) : std::optional(product);
        if (count) in_.set_cpus(*count, word.begin, word.end);
        if (value.find("maxcpus") && text && *value.find("maxcpus") != *text)
            lose("vCPUs that come later (maxcpus)", reason_for("hotplug"), word);
        if (has_topology) lose("topology of vCPUs", "each vCPU is a socket of its own; their number is the same", word);
    }

    void name(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "guest");
        if (const std::string* guest = value.find("guest")) in_.machine.name = *guest;
    }

    void cpu(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "model");
        for (const auto& [key, setting] : value.items) {
            if (key == "model") {
                in_.set_cpu_model(setting, line(word));
            } else if (key.starts_with('+') || key.starts_with('-')) {
                in_.set_feature(key.substr(1), key.front() == '+', line(word));
            } else if (setting == "on" || setting == "off") {
                in_.set_feature(key, setting == "on", line(word));
            } else {
                lose(fmt::format("-cpu …,{}={}", key, setting), "nyx has no such setting of a processor", word);
            }
        }
    }

    void board(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "type");
        for (const auto& [key, setting] : value.items) {
            if (key == "type") {
                if (setting != "pc" && !setting.starts_with("pc-i440fx"))
                    lose("machine type " + setting, "the board of nyx has no chipset; its ports are those of `pc`",
                         word);
            } else if (key == "accel") {
                accelerator(setting.substr(0, setting.find(':')), word);
            } else if (key == "kernel_irqchip" || key == "kernel-irqchip") {
                in_.machine.irqchip = setting == "off" ? "user" : setting == "on" ? "kernel" : "";
                if (setting == "split") lose("a split interrupt controller", "nyx has the kernel's or its own", word);
            } else if (key == "acpi" || key == "pit") {
                (key == "acpi" ? in_.machine.acpi : in_.machine.pit) = setting != "off";
            } else {
                lose(fmt::format("-machine …,{}={}", key, setting), reason_for(key), word);
            }
        }
    }
    void accel(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "accel");
        if (const std::string* which = value.find("accel")) accelerator(*which, word);
        if (const std::string* chip = value.find("kernel-irqchip")) in_.machine.irqchip = *chip == "off" ? "user" : "";
    }
    void accelerator(const std::string& which, const ShellWord& word) {
        if (which == "tcg") in_.machine.accelerator = "soft";
        if (which != "tcg" && which != "kvm") lose("accelerator " + which, "nyx has KVM and its software CPU", word);
    }

    void kernel(const ShellWord& word) { in_.machine.boot.image = word.text, in_.machine.boot.is_firmware = false; }
    void initrd(const ShellWord& word) { in_.machine.boot.initrd = word.text; }
    void append(const ShellWord& word) { in_.machine.boot.cmdline = word.text; }
    void bios(const ShellWord& word) { bios_ = word; }
    void pflash(const ShellWord& word) {
        lose("-pflash " + word.text, "this build keeps no variables of UEFI; firmware of UEFI is not known to start",
             word);
    }
    void display(const ShellWord& word) {
        if (word.text != "none") lose("display " + word.text, reason_for("display"), word);
    }
    void net(const ShellWord& word) {
        if (word.text != "none") lose("network " + word.text, reason_for("net"), word);
    }
    void rtc(const ShellWord& word) {
        QemuValue value = qemu_value(word.text, "base");
        const std::string* base = value.find("base");
        if (base && *base != "utc") lose("-rtc base=" + *base, "the clock of nyx keeps UTC", word);
        for (const auto& [key, setting] : value.items)
            if (key != "base")
                lose(fmt::format("-rtc {}={}", key, setting), "the clock of nyx has no such setting", word);
    }

    void nic(const ShellWord& word) {
        if (word.text != "none") devices_.nic(word);
    }
    void drive(const ShellWord& word) { devices_.drive(word); }
    void netdev(const ShellWord& word) { devices_.netdev(word); }
    void chardev(const ShellWord& word) { devices_.chardev(word); }
    void serial(const ShellWord& word) { devices_.add({word, PendingDevice::kSerialOption}); }
    void debugcon(const ShellWord& word) { devices_.add({word, PendingDevice::kDebugconOption}); }
    void device(const ShellWord& word) { devices_.add({word, PendingDevice::kDevice}); }

    void finish() {
        devices_.make_all(is_nographic_ ? "stdio" : has_defaults_ ? "pty" : "");
        ImportedBoot& boot = in_.machine.boot;
        if (boot.image.empty()) {
            if (!boot.initrd.empty() || !boot.cmdline.empty())
                in_.machine.lose("-initrd and -append", "they need -kernel");
            boot = {true, bios_ ? bios_->text : kDefaultFirmware, {}, {}};
        } else if (bios_) {
            lose("-bios " + bios_->text, "the kernel is started directly", *bios_);
        }
        if (!in_.machine.memory) in_.machine.memory = std::uint64_t{128} << 20;  // QEMU's default
    }

    Importer& in_;
    std::vector<ShellWord> words_;
    std::size_t next_ = 0;
    bool is_nographic_ = false;
    bool has_defaults_ = true;
    std::optional<ShellWord> bios_;
    QemuDevices devices_;
};

}  // namespace

void import_qemu(Importer& importer) {
    ShellWords words = shell_words(importer.text());
    if (words.open_quote != std::string_view::npos) {
        importer.mistake(words.open_quote, words.open_quote + 1, "this quote is not closed");
        return;
    }
    CommandLine(importer, std::move(words.words)).read();
}

}  // namespace nyx::interchange
