// Values that a program makes of those on the stack.
#include "runtime/script/format.h"
#include "runtime/script/interpreter.h"

namespace nyx::script {

bool Interpreter::make_map(std::size_t pairs) {
    maybe_collect();
    auto* map = heap_.make<Map>();
    Value* first = sp_ - 2 * pairs;
    for (std::size_t i = 0; i < pairs; ++i) {
        if (!hashable(first[2 * i]))
            return fail_with(ErrorKind::kType, "{} cannot be a key", type_name(first[2 * i].type()));
        map->set(first[2 * i], first[2 * i + 1]);
    }
    heap_.grew(map->extra_bytes());
    sp_ = first;
    *sp_++ = map;
    return within_heap();
}

bool Interpreter::make_class(const ClassInfo& info) {
    maybe_collect();
    auto* cls = heap_.make<Class>(info.name);
    if (info.has_base) {
        auto* base = sp_[-1].try_as<Class>();
        if (!base)
            return fail_with(ErrorKind::kType, "`{}` extends {}, which is no class", info.name,
                             type_name(sp_[-1].type()));
        cls->base = base;
        cls->slots = base->slots;
        cls->slot_names = base->slot_names;
        --sp_;
    }
    for (const auto& [name, index] : info.methods) {
        Closure* method = make_closure(program_.functions[index]);
        method->owner = cls;
        cls->methods[heap_.intern(name)] = method;
    }
    if (info.fields != kNone) {
        cls->fields = make_closure(program_.functions[info.fields]);
        cls->fields->owner = cls;
    }
    *sp_++ = cls;
    return true;
}

bool Interpreter::make_record(const RecordShape& shape) {
    maybe_collect();
    auto* record = heap_.make<Record>(shape.name, shape.where, shape.name_where);
    Value* first = sp_ - shape.fields.size();
    for (std::size_t i = 0; i < shape.fields.size(); ++i) {
        record->fields.push_back({shape.fields[i].name, first[i], shape.fields[i].where, shape.fields[i].name_where});
    }
    heap_.grew(record->extra_bytes());
    sp_ = first;
    *sp_++ = record;
    return within_heap();
}

bool Interpreter::concat(std::size_t count) {
    scratch_.clear();  // its room stays, and the text is copied once, into what it needs
    for (Value* part = sp_ - count; part < sp_; ++part) append_text(scratch_, *part);
    if (!has_room(scratch_.size())) return fail(over_limit().value());
    sp_ -= count;
    *sp_++ = heap_.string(scratch_);
    return within_heap();
}

bool Interpreter::format_top(const std::string& spec) {
    auto text = format_value(sp_[-1], spec);
    if (!text) return fail(std::move(text).error());
    sp_[-1] = heap_.string(*text);
    return within_heap();
}

}  // namespace nyx::script
