// The tables of a program, which its functions refer to.
#include <algorithm>

#include "runtime/script/verifier.h"

namespace nyx::script {

namespace {

Status names_and_values(const Program& program) {
    for (const FileName& file : program.files) {
        if (!std::is_sorted(file.line_starts.begin(), file.line_starts.end()))
            return corrupt_bytecode("lines of a file");
    }
    for (const Constant& constant : program.constants) {
        bool quantity = constant.type >= Type::kSize && constant.type <= Type::kFrequency;
        if (!quantity && constant.type != Type::kInt && constant.type != Type::kFloat &&
            constant.type != Type::kString) {
            return corrupt_bytecode("type of a constant");
        }
    }
    for (const ModuleTable& module : program.modules) {
        for (const auto& [name, global] : module.exports) {
            if (global >= program.globals.size()) return corrupt_bytecode("export of a module");
        }
    }
    for (const CallSite& site : program.call_sites) {
        if (site.count() > 255) return corrupt_bytecode("number of arguments");
    }
    return {};
}

Status class_tables(const Program& program) {
    for (const ClassInfo& info : program.classes) {
        for (const auto& [name, function] : info.methods) {
            if (function >= program.functions.size()) return corrupt_bytecode("method");
        }
        if (info.fields == kNone) continue;
        if (info.fields >= program.functions.size()) return corrupt_bytecode("fields of a class");
        const Function& fields = program.functions[info.fields];
        if (!fields.has_self || !fields.parameters.empty()) return corrupt_bytecode("fields of a class");
    }
    return {};
}

Status type_tables(const Program& program) {
    for (std::size_t i = 0; i < program.types.size(); ++i) {
        const TypeDesc& type = program.types[i];
        if (type.kind > TypeKind::kNamed || type.basic > Type::kCell) return corrupt_bytecode("type");
        for (std::uint32_t parameter : type.parameters) {
            if (parameter >= i) return corrupt_bytecode("type parameter");
        }
    }
    for (const TypeCheck& type : program.checks) {
        if (type.type >= program.types.size()) return corrupt_bytecode("type check");
    }
    return {};
}

Status shape_tables(const Program& program) {
    bool good = true;
    for (const RecordShape& record : program.records) {
        good = good && is_known(program, record.where) && is_known(program, record.name_where);
        for (const RecordShape::Field& field : record.fields)
            good = good && is_known(program, field.where) && is_known(program, field.name_where);
    }
    for (const MachineShape& machine : program.machines)
        good = good && is_known(program, machine.where) && is_known(program, machine.base_where);
    for (const DeviceShape& device : program.devices) good = good && is_known(program, device.where);
    for (const SettingShape& setting : program.settings)
        good = good && is_known(program, setting.where) && is_known(program, setting.name_where);
    if (!good) return corrupt_bytecode("place in the source");
    return {};
}

Status entries(const Program& program) {
    for (std::uint32_t entry : program.entries) {
        if (entry >= program.functions.size()) return corrupt_bytecode("entry");
        const Function& function = program.functions[entry];
        if (function.has_self || !function.parameters.empty() || !function.captures.empty())
            return corrupt_bytecode("entry");
    }
    return {};
}

}  // namespace

bool is_known(const Program& program, Span span) {
    return !span.known() || (span.file < program.files.size() && span.begin <= span.end);
}

tl::unexpected<Error> corrupt_bytecode(std::string_view what) {
    return fail(ErrorCode::kCorrupt, "the bytecode is corrupt: {}", what);
}

Status verify_tables(const Program& program) {
    NYX_TRY(names_and_values(program));
    NYX_TRY(class_tables(program));
    NYX_TRY(type_tables(program));
    NYX_TRY(shape_tables(program));
    return entries(program);
}

}  // namespace nyx::script
