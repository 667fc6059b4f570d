// The byte form of a Program: docs/bytecode.md. Each table is described once, in a function `fields` that both
// directions use.
#include <bit>

#include "runtime/script/archive.h"
#include "runtime/script/program.h"

namespace nyx::script {

namespace {

constexpr std::uint32_t kMagic = 0x5358594E;  // "NYXS"
constexpr Op kOps[] = {
#define NYX_OP(name, a, b, pops, pushes) Op::k##name,
#include "runtime/script/ops.def"
};
constexpr std::size_t kOpCount = std::size(kOps);

template <class A>
void fields(A& archive, std::string& value) {
    archive.text(value);
}
template <class A>
void fields(A& archive, std::uint32_t& value) {
    archive.integer(value);
}
template <class A>
void fields(A& archive, std::uint16_t& value) {
    archive.integer(value);
}
template <class A>
void fields(A& archive, std::int64_t& value) {
    archive.integer(value);
}
template <class A>
void fields(A& archive, bool& value) {
    std::uint8_t byte = value ? 1 : 0;
    archive.integer(byte);
    value = byte != 0;
    if constexpr (A::kReads) archive.bad = archive.bad || byte > 1;
}
template <class A, class E>
    requires std::is_enum_v<E>
void fields(A& archive, E& value) {
    auto byte = static_cast<std::uint8_t>(value);
    archive.integer(byte);
    value = static_cast<E>(byte);  // the verifier knows the range
}
template <class A>
void fields(A& archive, double& value) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    archive.integer(bits);
    value = std::bit_cast<double>(bits);
}
template <class A>
void fields(A& archive, Span& span) {
    std::uint32_t file = span.file + 1;  // 0: unknown
    archive.integer(file);
    span.file = file - 1;
    if (!span.known()) return;
    std::uint32_t length = span.end - span.begin;
    archive.integer(span.begin);
    archive.integer(length);
    span.end = span.begin + length;
}
template <class A, class First, class Second>
void fields(A& archive, std::pair<First, Second>& pair) {
    fields(archive, pair.first);
    fields(archive, pair.second);
}

template <class A, class... Parts>
void all(A& archive, Parts&... parts);

template <class A>
void fields(A& archive, FileName& file) {
    all(archive, file.path, file.is_stdlib, file.line_starts);
}
template <class A>
void fields(A& archive, Constant& constant) {
    all(archive, constant.type);
    if (constant.type == Type::kString) {
        all(archive, constant.text);
    } else if (constant.type == Type::kFloat) {
        all(archive, constant.floating);
    } else {
        all(archive, constant.integer);
    }
}
template <class A>
void fields(A& archive, ModuleTable& module) {
    all(archive, module.name, module.exports);
}
template <class A>
void fields(A& archive, CallSite& site) {
    all(archive, site.name, site.positional, site.names);
}
template <class A>
void fields(A& archive, ClassInfo& info) {
    all(archive, info.name, info.has_base, info.fields, info.methods);
}
template <class A>
void fields(A& archive, RecordShape::Field& field) {
    all(archive, field.name, field.where, field.name_where);
}
template <class A>
void fields(A& archive, RecordShape& record) {
    all(archive, record.name, record.where, record.name_where, record.fields);
}
template <class A>
void fields(A& archive, MachineShape& machine) {
    all(archive, machine.name, machine.where, machine.doc, machine.base, machine.base_where, machine.is_host);
}
template <class A>
void fields(A& archive, DeviceShape& device) {
    all(archive, device.type, device.name, device.where);
}
template <class A>
void fields(A& archive, SettingShape& setting) {
    all(archive, setting.name, setting.where, setting.name_where);
}
template <class A>
void fields(A& archive, TypeDesc& type) {
    all(archive, type.kind, type.basic, type.low, type.high, type.nullable, type.text, type.parameters);
}
template <class A>
void fields(A& archive, TypeCheck& check) {
    all(archive, check.type, check.subject);
}
template <class A>
void fields(A& archive, Capture& capture) {
    all(archive, capture.from_local, capture.index);
}
template <class A>
void fields(A& archive, Handler& handler) {
    all(archive, handler.begin, handler.end, handler.target, handler.depth);
}
template <class A>
void fields(A& archive, Instruction& in) {
    all(archive, in.op, in.a, in.b);
    if constexpr (A::kReads) archive.bad = archive.bad || static_cast<std::size_t>(in.op) >= kOpCount;
}

// Places repeat: a run is a count and a span.
void spans(ArchiveWriter& writer, std::vector<Span>& spans) {
    for (std::size_t i = 0; i < spans.size();) {
        std::size_t end = i;
        while (end < spans.size() && spans[end] == spans[i]) ++end;
        writer.number(end - i);
        fields(writer, spans[i]);
        i = end;
    }
}

void spans(ArchiveReader& reader, std::vector<Span>& spans) {
    for (std::size_t i = 0; i < spans.size() && !reader.bad;) {
        std::uint64_t count = reader.number();
        Span span;
        fields(reader, span);
        if (count == 0 || count > spans.size() - i || !reader.in.ok()) reader.bad = true;
        for (std::uint64_t end = i + count; !reader.bad && i < end; ++i) spans[i] = span;
    }
}

template <class A>
void fields(A& archive, Function& function) {
    all(archive, function.name, function.where, function.parameters, function.required, function.has_self,
        function.local_count, function.local_names, function.captures, function.capture_names, function.handlers,
        function.code);
    if constexpr (A::kReads) function.spans.resize(archive.bad ? 0 : function.code.size());
    spans(archive, function.spans);
}

template <class A, class T>
void fields(A& archive, std::vector<T>& items) {
    archive.count(items);
    for (T& item : items) {
        fields(archive, item);
        if constexpr (A::kReads) {
            if (archive.bad || !archive.in.ok()) return;
        }
    }
}

template <class A, class... Parts>
void all(A& archive, Parts&... parts) {
    (fields(archive, parts), ...);
}

template <class A>
void fields(A& archive, Program& program) {
    all(archive, program.files, program.constants, program.globals, program.natives, program.modules,
        program.call_sites, program.classes, program.records, program.machines, program.devices, program.settings,
        program.types, program.checks, program.functions, program.entries);
}

}  // namespace

Bytes encode(const Program& program) {
    ArchiveWriter writer;
    writer.out.write(kMagic);
    writer.out.write(kBytecodeVersion);
    // A writer only reads what it is given; the tables are described for both directions at once.
    fields(writer, const_cast<Program&>(program));
    return writer.out.take();
}

Result<Program> decode(ByteView bytes) {
    ArchiveReader reader(bytes);
    auto magic = reader.in.read<std::uint32_t>();
    auto version = reader.in.read<std::uint32_t>();
    if (!reader.in.ok() || magic != kMagic) return fail(ErrorCode::kCorrupt, "this is no Nyx bytecode");
    if (version != kBytecodeVersion) {
        return fail(
            Error{ErrorCode::kUnsupported,
                  fmt::format("the bytecode has format {}, and this nyx reads format {}", version, kBytecodeVersion),
                  "build the bundle again with the nyxc of this nyx"});
    }
    Program program;
    fields(reader, program);
    if (reader.bad || !reader.in.ok() || reader.in.remaining() != 0) {
        return fail(ErrorCode::kCorrupt, "the bytecode is corrupt at byte {}", reader.in.position());
    }
    NYX_TRY(verify(program));
    return program;
}

}  // namespace nyx::script
