// Where the parts of a fleet stand: a frame for each host with what its machines take of it, and in it a card for each
// machine, side by side.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/graph/fleet.h"
#include "compiler/graph/size_text.h"

namespace nyx::graph {

namespace {

constexpr double kMargin = 24;
constexpr double kGap = 16;
constexpr double kPad = 12;
constexpr double kLine = 18;
constexpr double kCardWidth = 340;
constexpr double kHead = 66;  // of a host: its name and its bars
constexpr std::size_t kInRow = 3;
constexpr std::size_t kShownDevices = 8;

std::string counted(std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string count_text(std::uint64_t count) {
    return fmt::to_string(count);
}

std::size_t device_rows(const Topology& machine) {
    std::size_t count = machine.devices.size();
    return count > kShownDevices ? kShownDevices + 1 : count;
}

double card_height(const Topology& machine) {
    return kPad * 2 + kLine * static_cast<double>(2 + device_rows(machine)) + (machine.devices.empty() ? 0 : 8) - 4;
}

class FleetLayout : private Canvas {
  public:
    explicit FleetLayout(const Fleet& fleet) : fleet_(fleet) {}

    Picture draw() {
        std::size_t machines = 0, declared = 0, widest = 1;
        for (const FleetHost& host : fleet_.hosts) {
            machines += host.machines.size();
            declared += host.name.empty() ? 0u : 1u;
            widest = std::max(widest, std::min(host.machines.size(), kInRow));
        }
        columns_ = std::max<std::size_t>(widest, 2);
        width_ = kPad * 2 + static_cast<double>(columns_) * (kCardWidth + kGap) - kGap;
        picture.title = "Topology of " + fleet_.name;
        picture.width = width_ + 2 * kMargin;
        text(kMargin, kMargin + 18, fleet_.name, "title", width_, 22);
        std::string facts = counted(machines, "machine");
        if (declared != 0) facts += " on " + counted(declared, "host");
        text(kMargin, kMargin + 42, facts, "dim", width_);
        double y = kMargin + 62;
        for (const FleetHost& one : fleet_.hosts) y = host(one, y) + kGap;
        picture.height = y - kGap + kMargin;
        return std::move(picture);
    }

  private:
    // Returns where it ends.
    double host(const FleetHost& host, double y) {
        double top = y + kHead, bottom = top;
        for (std::size_t i = 0; i < host.machines.size(); i += columns_) {
            std::size_t end = std::min(i + columns_, host.machines.size());
            double height = 0;
            for (std::size_t m = i; m < end; ++m) height = std::max(height, card_height(host.machines[m]));
            for (std::size_t m = i; m < end; ++m)
                machine(host.machines[m], kMargin + kPad + static_cast<double>(m - i) * (kCardWidth + kGap), bottom,
                        height);
            bottom += height + kGap;
        }
        if (!host.machines.empty()) bottom -= kGap;
        box(kMargin, y, width_, bottom + kPad - y, "host", 8);
        double half = (width_ - 2 * kPad - kGap) / 2;
        text(kMargin + kPad, y + kPad + 10, host.name.empty() ? "on no declared host" : "host " + host.name, "head",
             width_ - 2 * kPad);
        bar(kMargin + kPad, y + kPad + kLine, half, "memory", host.memory, size_text);
        bar(kMargin + kPad + half + kGap, y + kPad + kLine, half, "vCPUs", host.cpus, count_text);
        return bottom + kPad;
    }

    void bar(double x, double y, double width, const char* what, const Share& share,
             std::string (*shown)(std::uint64_t)) {
        std::string label = fmt::format("{} {}", what, shown(share.used));
        if (share.limit) label += " of " + shown(*share.limit);
        text(x, y + 12, label, "dim", width, 12);
        if (!share.limit) return;
        double part =
            share.used >= *share.limit ? 1 : static_cast<double>(share.used) / static_cast<double>(*share.limit);
        box(x, y + 18, width, 6, "free", 3);
        if (part > 0) box(x, y + 18, width * part, 6, "used", 3);
    }

    void machine(const Topology& machine, double x, double y, double height) {
        double room = kCardWidth - 2 * kPad;
        box(x, y, kCardWidth, height, "card");
        std::string size = fmt::format("{}, {}", machine.memory, counted(machine.cpus, "vCPU"));
        double size_width = text_width(size, 12);
        text(x + kCardWidth - kPad, y + kPad + 10, size, "value", size_width + 1, 12, Anchor::kEnd);
        text(x + kPad, y + kPad + 10, machine.name, "name", room - size_width - kPad);
        std::string starts = machine.protocol;
        for (const ImagePart& image : machine.images)
            if (!image.file.empty()) starts += "  " + image.file;
        text(x + kPad, y + kPad + 10 + kLine, starts, "dim", room, 12);
        double row = y + kPad + 10 + kLine * 2 + 8;
        std::size_t shown = std::min(machine.devices.size(), kShownDevices);
        for (std::size_t i = 0; i < shown; ++i, row += kLine) device(machine.devices[i], x, row);
        if (shown < machine.devices.size())
            text(x + kPad, row, fmt::format("and {} more", machine.devices.size() - shown), "dim", room, 12);
    }

    // Its name and type at the left, what serves it on the host at the right.
    void device(const DevicePart& device, double x, double baseline) {
        double room = kCardWidth - 2 * kPad;
        std::string name = device.name;
        if (device.type != device.name) name += " " + device.type;
        std::string served = device.host.empty() ? "" : "→ " + device.host;
        double right = std::min(text_width(served, 12), room / 2);
        text(x + kPad, baseline, name, "name", room - right - kPad, 12);
        text(x + kCardWidth - kPad, baseline, served, "dim", right + 1, 12, Anchor::kEnd);
    }

    const Fleet& fleet_;
    std::size_t columns_ = 2;
    double width_ = 0;
};

}  // namespace

Picture picture(const Fleet& fleet) {
    return FleetLayout(fleet).draw();
}

}  // namespace nyx::graph
