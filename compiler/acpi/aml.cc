#include "compiler/acpi/aml.h"

#include <algorithm>
#include <cctype>
#include <limits>

#include "runtime/base/check.h"

namespace nyx::acpi::aml {
namespace {

// ACPI 6.5 §20.2.1 to §20.2.5.
constexpr std::uint8_t kNameOp = 0x08;
constexpr std::uint8_t kBytePrefix = 0x0A;
constexpr std::uint8_t kWordPrefix = 0x0B;
constexpr std::uint8_t kDWordPrefix = 0x0C;
constexpr std::uint8_t kStringPrefix = 0x0D;
constexpr std::uint8_t kQWordPrefix = 0x0E;
constexpr std::uint8_t kScopeOp = 0x10;
constexpr std::uint8_t kBufferOp = 0x11;
constexpr std::uint8_t kPackageOp = 0x12;
constexpr std::uint8_t kDualNamePrefix = 0x2E;
constexpr std::uint8_t kMultiNamePrefix = 0x2F;
constexpr std::uint8_t kExtOpPrefix = 0x5B;
constexpr std::uint8_t kDeviceOp = 0x82;
constexpr std::uint8_t kMethodOp = 0x14;
constexpr std::uint8_t kSerialized = 1 << 3;
constexpr std::uint8_t kLocal0Op = 0x60;
constexpr std::uint8_t kStoreOp = 0x70;
constexpr std::uint8_t kAndOp = 0x7B;
constexpr std::uint8_t kNullName = 0x00;
constexpr std::uint8_t kNotifyOp = 0x86;
constexpr std::uint8_t kIfOp = 0xA0;
constexpr std::uint8_t kRegionOp = 0x80;
constexpr std::uint8_t kFieldOp = 0x81;
constexpr std::uint8_t kSystemMemory = 0x00;
constexpr std::uint8_t kDWordAccess = 0x03;  // no lock, other bits preserved
constexpr std::size_t kSegmentLength = 4;

std::vector<std::string_view> split_segments(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        std::size_t dot = std::min(path.find('.'), path.size());
        segments.push_back(path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return segments;
}

void write_segment(ByteWriter& out, std::string_view segment) {
    auto allowed = [](unsigned char c) { return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_'; };
    NYX_CHECK(!segment.empty() && segment.size() <= kSegmentLength && std::isdigit(segment.front()) == 0 &&
                  std::all_of(segment.begin(), segment.end(), allowed),
              "'{}' is not an ACPI name", segment);
    out.write(segment);
    for (std::size_t i = segment.size(); i < kSegmentLength; ++i) out.write(std::uint8_t{'_'});
}

// PkgLength counts itself: one byte up to 63, else a lead byte with the low nibble and the number of bytes that follow.
Bytes package_length(std::size_t content) {
    if (content + 1 < 0x40) return {static_cast<std::uint8_t>(content + 1)};
    for (std::size_t following = 1; following <= 3; ++following) {
        std::size_t total = content + 1 + following;
        if (total >= std::size_t{1} << (4 + 8 * following)) continue;
        Bytes out = {static_cast<std::uint8_t>(following << 6 | (total & 0x0F))};
        for (std::size_t i = 0; i < following; ++i) out.push_back(static_cast<std::uint8_t>(total >> (4 + 8 * i)));
        return out;
    }
    NYX_CHECK(false, "a term of {} bytes does not fit an ACPI package length", content);
    return {};
}

// Opcode, PkgLength, content.
Term sized(std::initializer_list<std::uint8_t> opcode, ByteView content) {
    ByteWriter out;
    for (std::uint8_t byte : opcode) out.write(byte);
    out.write(ByteView{package_length(content.size())});
    out.write(content);
    return out.take();
}

Bytes named_content(std::string_view path, const Terms& terms) {
    ByteWriter out;
    out.write(ByteView{name_string(path)});
    for (const Term& term : terms) out.write(ByteView{term});
    return out.take();
}

template <class T>
Term prefixed(std::uint8_t prefix, T value) {
    ByteWriter out;
    out.write(prefix);
    out.write(value);
    return out.take();
}

bool is_pnp_id(std::string_view id) {
    auto hex = [](unsigned char c) { return std::isdigit(c) != 0 || (c >= 'A' && c <= 'F'); };
    return id.size() == 7 && id.starts_with("PNP") && std::all_of(id.begin() + 3, id.end(), hex);
}

std::uint32_t hex_digit(char c) {
    return static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'A' + 10);
}

}  // namespace

Bytes name_string(std::string_view path) {
    ByteWriter out;
    if (path.starts_with('\\')) {
        out.write(std::uint8_t{'\\'});
        path.remove_prefix(1);
    }
    std::vector<std::string_view> segments = split_segments(path);
    NYX_CHECK(!segments.empty() && segments.size() <= std::numeric_limits<std::uint8_t>::max(), "'{}' is no name",
              path);
    if (segments.size() == 2) out.write(kDualNamePrefix);
    if (segments.size() > 2) {
        out.write(kMultiNamePrefix);
        out.write(static_cast<std::uint8_t>(segments.size()));
    }
    for (std::string_view segment : segments) write_segment(out, segment);
    return out.take();
}

Term integer(std::uint64_t value) {
    if (value <= 1) return {static_cast<std::uint8_t>(value)};  // ZeroOp, OneOp
    if (value <= 0xFF) return prefixed(kBytePrefix, static_cast<std::uint8_t>(value));
    if (value <= 0xFFFF) return prefixed(kWordPrefix, static_cast<std::uint16_t>(value));
    if (value <= 0xFFFF'FFFF) return prefixed(kDWordPrefix, static_cast<std::uint32_t>(value));
    return prefixed(kQWordPrefix, value);
}

Term string(std::string_view text) {
    ByteWriter out;
    out.write(kStringPrefix);
    out.write(text);
    out.write(std::uint8_t{0});
    return out.take();
}

Term buffer(ByteView bytes) {
    ByteWriter content;
    content.write(ByteView{integer(bytes.size())});
    content.write(bytes);
    return sized({kBufferOp}, content.bytes());
}

Term package(const Terms& elements) {
    NYX_CHECK(elements.size() <= std::numeric_limits<std::uint8_t>::max(), "a package of {} elements", elements.size());
    ByteWriter content;
    content.write(static_cast<std::uint8_t>(elements.size()));
    for (const Term& element : elements) content.write(ByteView{element});
    return sized({kPackageOp}, content.bytes());
}

Term hardware_id(std::string_view id) {
    if (!is_pnp_id(id)) return string(id);
    // Three letters of five bits, then four hexadecimal digits; the bytes stand most significant first.
    std::uint32_t value = 0;
    for (char letter : id.substr(0, 3)) value = value << 5 | static_cast<std::uint32_t>(letter - '@');
    for (char digit : id.substr(3)) value = value << 4 | hex_digit(digit);
    return prefixed(kDWordPrefix, __builtin_bswap32(value));
}

Term name(std::string_view path, const Term& value) {
    ByteWriter out;
    out.write(kNameOp);
    out.write(ByteView{named_content(path, {value})});
    return out.take();
}

Term scope(std::string_view path, const Terms& terms) {
    return sized({kScopeOp}, named_content(path, terms));
}

Term device(std::string_view path, const Terms& terms) {
    return sized({kExtOpPrefix, kDeviceOp}, named_content(path, terms));
}

Term method(std::string_view path, unsigned arguments, const Terms& terms) {
    ByteWriter content;
    content.write(ByteView{name_string(path)});
    content.write(static_cast<std::uint8_t>(arguments | kSerialized));
    for (const Term& term : terms) content.write(ByteView{term});
    return sized({kMethodOp}, content.bytes());
}

Term notify(std::string_view object, std::uint64_t value) {
    ByteWriter out;
    out.write(kNotifyOp);
    out.write(ByteView{name_string(object)});
    out.write(ByteView{integer(value)});
    return out.take();
}

Term if_any(const Term& value, std::uint64_t bits, const Terms& terms) {
    ByteWriter content;
    content.write(kAndOp);
    content.write(ByteView{value});
    content.write(ByteView{integer(bits)});
    content.write(kNullName);  // the result goes nowhere else
    for (const Term& term : terms) content.write(ByteView{term});
    return sized({kIfOp}, content.bytes());
}

Term local(unsigned number) {
    return {static_cast<std::uint8_t>(kLocal0Op + number)};
}

Term store(const Term& value, const Term& to) {
    ByteWriter out;
    out.write(kStoreOp);
    out.write(ByteView{value});
    out.write(ByteView{to});
    return out.take();
}

Term named(std::string_view path) {
    return name_string(path);
}

Term memory_register(std::string_view region, std::uint64_t address, std::string_view field) {
    constexpr std::uint8_t kBits = 32;  // below 64 a length is its own encoding
    ByteWriter out;
    out.write(kExtOpPrefix);
    out.write(kRegionOp);
    out.write(ByteView{name_string(region)});
    out.write(kSystemMemory);
    out.write(ByteView{integer(address)});
    out.write(ByteView{integer(kBits / 8)});
    ByteWriter content;
    content.write(ByteView{name_string(region)});
    content.write(kDWordAccess);
    write_segment(content, field);
    content.write(kBits);
    out.write(ByteView{sized({kExtOpPrefix, kFieldOp}, content.bytes())});
    return out.take();
}

}  // namespace nyx::acpi::aml
