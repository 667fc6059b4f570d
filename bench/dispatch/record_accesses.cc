// record_accesses BUNDLE OUT INSTRUCTIONS: runs the bundle's machine on the software CPU, deterministically, up to so
// many instructions, and writes every access of a device to OUT (trace.h). The guest's output goes to stdout.
#include <cstdio>
#include <cstdlib>

#include "runtime/base/file.h"
#include "runtime/cli/boot_files.h"
#include "runtime/machine/machine.h"
#include "runtime/soft/vm/hypervisor.h"
#include "tests/equivalence/trace.h"

using namespace nyx;

namespace {

// A device that writes down what it is asked, and is asked as before.
class Recorded final : public dev::Device {
  public:
    Recorded(std::unique_ptr<dev::Device> device, const plan::DevicePlan& plan, std::vector<trace::Access>& all)
        : device_(std::move(device)), plan_(plan), all_(all) {}

    std::span<const dev::Register> registers() const override { return device_->registers(); }
    std::uint32_t select(const dev::Access& access, bool is_write) const override {
        return device_->select(access, is_write);
    }
    std::uint64_t read(const dev::Access& access) override {
        note(access, false, 0);
        return device_->read(access);
    }
    void write(const dev::Access& access, std::uint64_t value) override {
        note(access, true, value);
        device_->write(access, value);
    }
    void reset() override { device_->reset(); }
    void settle() override { device_->settle(); }
    void save(dev::StateWriter& state) const override { device_->save(state); }
    Status restore(dev::StateReader& state) override { return device_->restore(state); }
    std::uint32_t state_version() const override { return device_->state_version(); }
    dev::ByteReceiver* byte_receiver() override { return device_->byte_receiver(); }
    dev::PowerButton* power_button() override { return device_->power_button(); }
    dev::PciFunction* pci_function() override { return device_->pci_function(); }
    dev::PciHost* pci_host() override { return device_->pci_host(); }

  private:
    void note(const dev::Access& access, bool is_write, std::uint64_t value) {
        const bool is_pio = access.region < plan_.pio.size();
        const Range range = is_pio ? plan_.pio[access.region] : plan_.mmio[access.region - plan_.pio.size()];
        all_.push_back(
            {is_pio ? dev::Space::kPio : dev::Space::kMmio, is_write, access.width, range.base + access.offset, value});
    }

    std::unique_ptr<dev::Device> device_;
    const plan::DevicePlan& plan_;
    std::vector<trace::Access>& all_;
};

struct Stdout final : dev::ByteSink {
    void write(std::span<const std::uint8_t> bytes) override { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }
};

Status record(const std::string& path, const std::string& out, std::uint64_t instructions) {
    NYX_ASSIGN(plan::Bundle bundle, plan::Bundle::open(path));
    NYX_ASSIGN(cli::BootFiles files, cli::BootFiles::open(bundle));
    NYX_ASSIGN(vm::Blueprint blueprint, cli::blueprint_of(bundle.plan(), files));
    std::vector<trace::Access> all;
    Stdout output;
    blueprint.output = [&](const std::string&) -> dev::ByteSink& { return output; };
    blueprint.create_device = [&, create = blueprint.create_device](
                                  const plan::DevicePlan& plan,
                                  const dev::Environment& environment) -> Result<std::unique_ptr<dev::Device>> {
        NYX_ASSIGN(std::unique_ptr<dev::Device> device, create(plan, environment));
        return std::unique_ptr<dev::Device>(std::make_unique<Recorded>(std::move(device), plan, all));
    };
    vm::Options options;
    options.turns = vm::TurnOptions{};
    const soft::Hypervisor hypervisor;
    NYX_ASSIGN(std::unique_ptr<vm::EventLoop> loop, vm::EventLoop::create());
    NYX_ASSIGN(std::unique_ptr<vm::Machine> machine,
               vm::Machine::create(hypervisor, *loop, std::move(blueprint), options));
    machine->stop_at(instructions);
    const vm::Outcome outcome = machine->run();
    fmt::print(stderr, "{}; {} accesses\n", outcome.reason, all.size());
    return write_file(out, trace::encode(all));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        fmt::print(stderr, "usage: record_accesses BUNDLE OUT INSTRUCTIONS\n");
        return 2;
    }
    Status done = record(arguments[1], arguments[2], std::strtoull(arguments[3], nullptr, 10));
    if (!done) fmt::print(stderr, "record_accesses: {}\n", done.error().text());
    return done ? 0 : 3;
}
