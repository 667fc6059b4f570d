#include "compiler/interchange/processors.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace nyx::interchange {

namespace {

struct Model {
    std::string_view begins;
    std::string_view profile;
};

// By the beginning of the name: suffixes (-IBRS, -noTSX, -v2) change no level. Longer names first.
constexpr std::array kModels = {
    Model{"host", "host"},
    Model{"max", "host"},
    Model{"qemu64", "x86_64_v1"},
    Model{"kvm64", "x86_64_v1"},
    Model{"Opteron_G4", "x86_64_v2"},
    Model{"Opteron_G5", "x86_64_v2"},
    Model{"Opteron", "x86_64_v1"},
    Model{"phenom", "x86_64_v1"},
    Model{"core2duo", "x86_64_v1"},
    Model{"Conroe", "x86_64_v1"},
    Model{"Penryn", "x86_64_v1"},
    Model{"Nehalem", "x86_64_v2"},
    Model{"Westmere", "x86_64_v2"},
    Model{"SandyBridge", "x86_64_v2"},
    Model{"IvyBridge", "x86_64_v2"},
    Model{"Denverton", "x86_64_v2"},
    Model{"Snowridge", "x86_64_v2"},
    Model{"Haswell", "x86_64_v3"},
    Model{"Broadwell", "x86_64_v3"},
    Model{"Skylake", "x86_64_v3"},
    Model{"Cascadelake", "x86_64_v3"},
    Model{"Cooperlake", "x86_64_v3"},
    Model{"Icelake", "x86_64_v3"},
    Model{"SapphireRapids", "x86_64_v3"},
    Model{"EPYC", "x86_64_v3"},
    Model{"Dhyana", "x86_64_v3"},
};

struct Alias {
    std::string_view theirs;  // without -, _ and .
    std::string_view ours;
};
constexpr std::array kAliases = {
    Alias{"pni", "sse3"},     Alias{"tscdeadline", "tsc_deadline_timer"},
    Alias{"lzcnt", "abm"},    Alias{"i64", "lm"},
    Alias{"sse41", "sse4_1"}, Alias{"sse42", "sse4_2"},
};

// What libvirt's list of features writes otherwise than Linux.
struct Spelling {
    std::string_view ours;
    std::string_view libvirt;
};
constexpr std::array kSpellings = {
    Spelling{"sse3", "pni"},
    Spelling{"sse4_1", "sse4.1"},
    Spelling{"sse4_2", "sse4.2"},
    Spelling{"tsc_deadline_timer", "tsc-deadline"},
    Spelling{"sha_ni", "sha-ni"},
    Spelling{"avx512_ifma", "avx512ifma"},
    Spelling{"avx512_vbmi", "avx512vbmi"},
    Spelling{"avx512_vbmi2", "avx512vbmi2"},
    Spelling{"avx512_vnni", "avx512vnni"},
    Spelling{"avx512_bitalg", "avx512bitalg"},
    Spelling{"avx512_vpopcntdq", "avx512-vpopcntdq"},
    Spelling{"avx512_4vnniw", "avx512-4vnniw"},
    Spelling{"avx512_4fmaps", "avx512-4fmaps"},
    Spelling{"avx512_vp2intersect", "avx512-vp2intersect"},
    Spelling{"avx512_fp16", "avx512-fp16"},
    Spelling{"avx512_bf16", "avx512-bf16"},
    Spelling{"avx_vnni", "avx-vnni"},
    Spelling{"amx_bf16", "amx-bf16"},
    Spelling{"amx_tile", "amx-tile"},
    Spelling{"amx_int8", "amx-int8"},
};

std::string bare(std::string_view name) {
    std::string letters;
    for (char c : name) {
        auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0) letters += static_cast<char>(std::tolower(byte));
    }
    return letters;
}

}  // namespace

std::string_view profile_of_model(std::string_view model) {
    auto found =
        std::find_if(kModels.begin(), kModels.end(), [&](const Model& one) { return model.starts_with(one.begins); });
    return found == kModels.end() ? std::string_view() : found->profile;
}

std::string_view model_of_profile(std::string_view profile) {
    if (profile == "x86_64_v1") return "qemu64";
    if (profile == "x86_64_v2") return "Nehalem";
    return profile == "x86_64_v3" ? "Haswell-noTSX" : "";
}

std::optional<std::string> feature_of(std::string_view name, const std::vector<std::string>& known) {
    std::string wanted = bare(name);
    for (const Alias& alias : kAliases)
        if (alias.theirs == wanted) wanted = bare(alias.ours);
    auto found = std::find_if(known.begin(), known.end(), [&](const std::string& one) { return bare(one) == wanted; });
    return found == known.end() ? std::nullopt : std::optional(*found);
}

std::string libvirt_feature(std::string_view name) {
    for (const Spelling& spelling : kSpellings)
        if (spelling.ours == name) return std::string(spelling.libvirt);
    return std::string(name);
}

}  // namespace nyx::interchange
