#include "instruction_encoding.h"

#include <charconv>
#include <sstream>
#include <string_view>

namespace nyx::soft {
namespace {

std::uint8_t hex_byte(std::string_view text) {
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return static_cast<std::uint8_t>(value);
}

bool is_hex(std::string_view text) {
    return text.size() == 2 && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

}  // namespace

InstructionEncoding::InstructionEncoding(const InstructionForm& form) {
    std::istringstream words(form.encoding);
    for (std::string word; words >> word;) take(word);
    may_be_memory = (form.traits & kRegisterOnly) == 0;
    may_be_register = (form.traits & kMemoryOnly) == 0;
}

void InstructionEncoding::take(const std::string& word) {
    if (word.starts_with("VEX")) {
        is_vex = true;
        vex_map = word.ends_with("3A") ? 3 : 2;
        vex_pp = word[4] == '0' ? 0 : word.substr(4, 2) == "66" ? 1 : word.substr(4, 2) == "F3" ? 2 : 3;
    } else if (word == "/r") {
        has_modrm = true;
    } else if (word[0] == '/') {
        has_modrm = true;
        digit = static_cast<unsigned>(word[1] - '0');
    } else if (word == "+r") {
        has_opcode_register = true;
    } else if (word == "vvvv") {
        has_third = true;
    } else if (word == "moffs") {
        is_absolute = true;
    } else if (is_hex(word)) {
        take_byte(hex_byte(word));
    } else {
        immediates.push_back(word);
    }
}

void InstructionEncoding::take_byte(std::uint8_t byte) {
    const bool is_prefix = !is_vex && opcode.empty() && (byte == 0x66 || byte == 0xF2 || byte == 0xF3);
    if (is_prefix)
        mandatory_prefix = byte;
    else
        opcode.push_back(byte);
}

}  // namespace nyx::soft
