// Serial lines and devices of a QEMU command line. Part of import_qemu().
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/interchange/importer.h"
#include "compiler/interchange/qemu_options.h"
#include "compiler/interchange/shell_words.h"

namespace nyx::interchange {

struct PendingDevice {
    ShellWord word;
    enum Kind { kSerialOption, kDebugconOption, kDevice } kind = kDevice;
};

// A -device may come before its -chardev, so devices wait for the end.
class QemuDevices {
  public:
    explicit QemuDevices(Importer& importer) : in_(importer) {}

    void chardev(const ShellWord& word);
    void drive(const ShellWord& word);
    void netdev(const ShellWord& word);
    // -nic: card and network in one.
    void nic(const ShellWord& word);
    void add(PendingDevice device) { pending_.push_back(std::move(device)); }
    // usual: the backend of the serial port that a machine has without -serial; empty: it has none.
    void make_all(const std::string& usual);

  private:
    void lose(const std::string& what, const std::string& reason, const ShellWord& word);
    ImportedSerial backend_of(std::string text, const ShellWord& word);
    ImportedSerial chardev_of(const std::string& id, const ShellWord& word);
    ImportedSerial backend(const QemuValue& value, const ShellWord& word);
    std::uint64_t port(const QemuValue& value, const char* key, std::uint64_t otherwise, const ShellWord& word);
    void make(const PendingDevice& pending);
    void make_device(const ShellWord& word);
    void isa_serial(const QemuValue& value, const ShellWord& word);
    void make_debugcon(ImportedSerial backend, std::uint64_t at, const ShellWord& word);
    void exit_device(const QemuValue& value, const ShellWord& word);
    std::optional<ImportedNet> network_of(const QemuValue& value, const ShellWord& word);
    void forward(const std::string& rule, ImportedNet& net, const ShellWord& word);
    void virtio_disk(const QemuValue& value, const ShellWord& word);
    void virtio_net(const QemuValue& value, const ShellWord& word);

    Importer& in_;
    struct Drive {
        ImportedDisk disk;
        std::string format;
    };
    std::map<std::string, ImportedSerial> chardevs_;
    std::map<std::string, Drive> drives_;
    std::map<std::string, ImportedNet> netdevs_;
    std::vector<PendingDevice> pending_;
};

}  // namespace nyx::interchange
