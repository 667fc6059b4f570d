#include "runtime/cli/native_code.h"

#include "runtime/plan/bundle_format.h"
#include "runtime/plan/trusted_code.h"

namespace nyx::cli {

namespace {

// The section for the highest level that this processor has; empty: none.
std::string best_section(const plan::Bundle& bundle) {
    for (int level = jit::host_level(); level >= 0; --level) {
        std::string section = plan::code_section(plan::kCodeLevels[level]);
        if (bundle.section(section)) return section;
    }
    return {};
}

// Of bytes that nobody changes any more: the bundle is a file, which may change under us.
Result<NativeCode> use(const plan::Bundle& bundle, const std::string& section, bool must_be_known) {
    const ByteView mapped = *bundle.section(section);
    const Bytes object(mapped.begin(), mapped.end());
    if (must_be_known && !plan::is_code_trusted(plan::code_key(bundle.plan_hash(), section, object)))
        return fail(Error{ErrorCode::kPermission, "the bundle's code was not built by you on this machine",
                          "`nyx run --native=always` runs it all the same, or build the bundle here"});
    NativeCode native;
    NYX_ASSIGN(native.code, jit::ExitCode::link(object));
    native.says = plan::code_level(section);
    return native;
}

}  // namespace

Result<NativeCode> choose_native_code(const plan::Bundle& bundle, std::string_view asked) {
    if (asked == "never") return NativeCode{nullptr, "table: --native=never"};
    const std::string section = best_section(bundle);
    Result<NativeCode> used = section.empty() ? fail(ErrorCode::kNotFound, "the bundle has no code for this processor")
                                              : use(bundle, section, asked != "always");
    if (used || asked == "always") return used;
    return NativeCode{nullptr, "table: " + used.error().message};
}

}  // namespace nyx::cli
