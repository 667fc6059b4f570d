// Where the parts of a machine stand: processors, start and memory at the left, devices on their buses at the right,
// each with what serves it on the host.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/graph/topology.h"

namespace nyx::graph {

namespace {

constexpr double kMargin = 24;
constexpr double kGap = 16;
constexpr double kLeftWidth = 360;
constexpr double kBusGap = 28;  // from the bus to its cards
constexpr double kCardWidth = 316;
constexpr double kCardHeight = 46;
constexpr double kRowHeight = 54;
constexpr double kHostGap = 24;
constexpr double kHostWidth = 184;
constexpr double kColumnWidth = kBusGap + kCardWidth + kHostGap + kHostWidth;
constexpr double kLine = 18;
constexpr double kPad = 10;
constexpr std::size_t kFewDevices = 14;   // stand in one column
constexpr std::size_t kManyDevices = 48;  // in two

// In at most three lines, broken at blanks where there are any; the last has what is left.
std::vector<std::string> wrapped(std::string_view text) {
    constexpr std::size_t kCharacters = 42, kMaxLines = 3;
    std::vector<std::string> out;
    while (text.size() > kCharacters && out.size() + 1 < kMaxLines) {
        std::size_t blank = text.rfind(' ', kCharacters);
        std::size_t end = blank == std::string_view::npos || blank == 0 ? kCharacters : blank;
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(end == blank ? end + 1 : end);
    }
    if (!text.empty()) out.emplace_back(text);
    return out;
}

class Layout : private Canvas {
  public:
    explicit Layout(const Topology& machine) : machine_(machine) {}

    Picture draw() {
        picture.title = "Topology of " + machine_.name;
        std::size_t count = machine_.devices.size();
        columns_ = count <= kFewDevices ? 1 : count <= kManyDevices ? 2 : 3;
        picture.width = kMargin * 2 + kLeftWidth + static_cast<double>(columns_) * (kGap * 2 + kColumnWidth);
        double top = header();
        double left = left_column(top);
        double right = devices(top);
        picture.height = std::max(left, right) + kMargin;
        return std::move(picture);
    }

  private:
    double header() {
        double width = picture.width - 2 * kMargin;
        text(kMargin, kMargin + 18, machine_.name, "title", width, 22);
        std::string facts =
            fmt::format("{} RAM, {} vCPU{}, {} device{}", machine_.memory, machine_.cpus, machine_.cpus == 1 ? "" : "s",
                        machine_.devices.size(), machine_.devices.size() == 1 ? "" : "s");
        text(kMargin, kMargin + 42, facts, "dim", width);
        if (machine_.doc.empty()) return kMargin + 62;
        text(kMargin, kMargin + 62, machine_.doc, "dim", width);
        return kMargin + 82;
    }

    // A frame with a head; returns where its content begins.
    double frame(double y, const std::string& head, double height) {
        text(kMargin, y + 12, head, "head", kLeftWidth, 12);
        box(kMargin, y + kLine, kLeftWidth, height, "card");
        return y + kLine;
    }

    double left_column(double y) {
        y = processors(y) + kGap;
        y = start(y) + kGap;
        y = lines(y, "INTERRUPTS AND TIME", machine_.chips) + kGap;
        return memory(y);
    }

    // A square for each vCPU, up to two rows.
    double processors(double y) {
        constexpr double kSquare = 38, kHeight = 24, kStep = 42;
        constexpr std::uint32_t kInRow = 8, kShown = 16;
        std::uint32_t shown = std::min(machine_.cpus, kShown);
        double rows = shown > kInRow ? 2 : 1;
        double height = kPad * 2 + kLine + rows * (kHeight + 4);
        double top = frame(y, "PROCESSORS", height);
        for (std::uint32_t i = 0; i < shown; ++i) {
            double x = kMargin + kPad + kStep * (i % kInRow), row = top + kPad + (kHeight + 4) * (i / kInRow);
            box(x, row, kSquare, kHeight, "part");
            bool rest = i + 1 == kShown && machine_.cpus > kShown;
            std::string label = rest ? fmt::format("…{}", machine_.cpus - 1) : fmt::format("{}", i);
            text(x + kSquare / 2, row + 17, label, "value", kSquare - 4, 12, Anchor::kMiddle);
        }
        if (!machine_.devices.empty())
            line(kMargin + kLeftWidth, top + 12, kMargin + kLeftWidth + kGap * 2 + 4, top + 12, "wire");
        text(kMargin + kPad, top + height - kPad, "profile " + machine_.profile, "dim", kLeftWidth - 2 * kPad, 12);
        return top + height;
    }

    double start(double y) {
        std::vector<std::string> content = {machine_.protocol};
        for (const ImagePart& image : machine_.images)
            content.push_back(
                fmt::format("{}: {}{}({})", image.id, image.file, image.file.empty() ? "" : " ", image.size));
        for (std::string& one : wrapped(machine_.cmdline)) content.push_back(std::move(one));
        return lines(y, "STARTS", content);
    }

    double lines(double y, const std::string& head, const std::vector<std::string>& content) {
        double height = kPad * 2 + kLine * static_cast<double>(content.size()) - 4;
        double top = frame(y, head, height);
        for (std::size_t i = 0; i < content.size(); ++i)
            text(kMargin + kPad, top + kPad + 10 + kLine * static_cast<double>(i), content[i], i == 0 ? "name" : "dim",
                 kLeftWidth - 2 * kPad);
        return top + height;
    }

    // Address, what is there, how much of it; not to scale.
    double memory(double y) {
        constexpr double kRow = 22;
        text(kMargin, y + 12, "MEMORY MAP", "head", kLeftWidth, 12);
        y += kLine;
        for (const Row& row : machine_.map) {
            bool inside = row.style == "part";
            double indent = inside ? kPad * 2 : 0;
            box(kMargin + indent, y, kLeftWidth - indent, kRow - 2, row.style, 2);
            text(kMargin + 118, y + 14, row.address, "value", 96, 12, Anchor::kEnd);
            text(kMargin + 132, y + 14, row.name, inside ? "dim" : "name", 160, 12);
            text(kMargin + kLeftWidth - kPad, y + 14, row.size, "dim", 84, 12, Anchor::kEnd);
            y += kRow;
        }
        return y;
    }

    double devices(double top) {
        std::size_t count = machine_.devices.size(), rows = (count + columns_ - 1) / columns_;
        double bottom = top;
        for (std::size_t i = 0, column = 0; i < count; i += rows, ++column) {
            double x = kMargin + kLeftWidth + kGap * 2 + static_cast<double>(column) * (kColumnWidth + kGap * 2);
            std::size_t end = std::min(i + rows, count);
            text(x, top + 12, "BUS", "head", kBusGap + 20, 12);
            text(x + kBusGap + kPad, top + 12, "DEVICE", "head", kCardWidth - kPad, 12);
            if (any_host(i, end)) text(x + kColumnWidth - kHostWidth, top + 12, "HOST", "head", kHostWidth, 12);
            double y = top + kLine;
            for (std::size_t d = i; d < end; ++d, y += kRowHeight) device(machine_.devices[d], x, y);
            line(x + 4, top + kLine + 4, x + 4, y - kRowHeight + kCardHeight - 4, "bus");
            bottom = std::max(bottom, y - kRowHeight + kCardHeight);
        }
        return bottom;
    }

    bool any_host(std::size_t begin, std::size_t end) const {
        for (std::size_t d = begin; d < end; ++d)
            if (!machine_.devices[d].host.empty()) return true;
        return false;
    }

    void device(const DevicePart& part, double x, double y) {
        double card = x + kBusGap, middle = y + kCardHeight / 2;
        line(x + 4, middle, card, middle, "wire");
        box(card, y, kCardWidth, kCardHeight, "card");
        double lines_width = irq_lines(part, card, y);
        double room = kCardWidth - 2 * kPad - lines_width;
        double name_width = std::min(text_width(part.name, 13), room * 0.6);
        text(card + kPad, y + 18, part.name, "name", name_width + 1);
        if (part.type != part.name)
            text(card + kPad + name_width + 10, y + 18, part.type, "dim", room - name_width - 12, 12);
        std::string where = fmt::format("{}", fmt::join(part.ports, ", "));
        if (!part.memory.empty())
            where += fmt::format("{}memory {}", where.empty() ? "" : ", ", fmt::join(part.memory, ", "));
        else if (!where.empty())
            where = "ports " + where;
        text(card + kPad, y + 36, where, "value", kCardWidth - 2 * kPad, 12);
        if (!part.host.empty()) host(part, card + kCardWidth, y);
    }

    // At the right of the card's first line; returns what they take of it.
    double irq_lines(const DevicePart& part, double card, double y) {
        if (part.lines.empty()) return 0;
        std::string label = fmt::format("irq {}", fmt::join(part.lines, ", "));
        label = shortened(label, 12, kCardWidth / 2);
        double width = text_width(label, 12) + 12;
        double x = card + kCardWidth - kPad - width;
        box(x, y + 6, width, 17, "line", 8);
        text(x + 6, y + 18, label, "value", width, 12);
        return width + kPad;
    }

    void host(const DevicePart& part, double x, double y) {
        double left = x + kHostGap, middle = y + kCardHeight / 2;
        line(x, middle, left, middle, "arrow");
        box(left, y + 8, kHostWidth, kCardHeight - 16, "host", 14);
        text(left + kHostWidth / 2, middle + 4, part.host, "dim", kHostWidth - 20, 12, Anchor::kMiddle);
    }

    const Topology& machine_;
    std::size_t columns_ = 1;
};

}  // namespace

Picture picture(const Topology& machine) {
    return Layout(machine).draw();
}

}  // namespace nyx::graph
