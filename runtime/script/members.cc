// What `.name`, `[index]`, loops and declarations do with each type of value.
#include <algorithm>

#include "runtime/script/format.h"
#include "runtime/script/interpreter.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

tl::unexpected<ScriptError> no_member(const Value& object, const String* name) {
    std::string_view type = type_name(object.type());
    if (object.is(Type::kInstance)) type = object.as<Instance>().cls->name;
    return script_error(ErrorKind::kKey, "{} has no member `{}`", type, name->text);
}

// index counts from the end when negative; nothing when it is outside.
std::optional<std::size_t> resolve(std::int64_t index, std::size_t size) {
    auto length = static_cast<std::int64_t>(size);
    if (index < 0) index += length;
    if (index < 0 || index >= length) return std::nullopt;
    return static_cast<std::size_t>(index);
}

tl::unexpected<ScriptError> outside(std::int64_t index, std::size_t size) {
    return script_error(ErrorKind::kIndex, "index {} is outside: the length is {}", index, size);
}

NativeResult error_member(Interpreter& interpreter, const ScriptError& error, const String* name) {
    if (name->text == "message") return interpreter.heap().string(error.message);
    if (name->text == "kind") return interpreter.heap().string(error_kind_name(error.kind));
    return script_error(ErrorKind::kKey, "an error has no member `{}`, only `message` and `kind`", name->text);
}

NativeResult instance_member(Interpreter& interpreter, const Value& object, const String* name) {
    const auto& instance = object.as<Instance>();
    int slot = instance.cls->slot(name);
    if (slot >= 0 && static_cast<std::size_t>(slot) < instance.slots.size()) {
        const Value& value = instance.slots[static_cast<std::size_t>(slot)];
        if (!value.is(Type::kUnset)) return value;
    }
    if (Closure* method = instance.cls->find(name)) {
        if (!method->function->has_self) return method;
        return interpreter.heap().make<Method>(object, method);
    }
    return no_member(object, name);
}

NativeResult list_index(const std::vector<Value>& items, std::int64_t index) {
    auto place = resolve(index, items.size());
    if (!place) return outside(index, items.size());
    return items[*place];
}

// The bytes of one code point, counted from `at`.
std::size_t code_point_size(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end - at;
}

// begin and end of a slice, within 0 … size.
std::pair<std::size_t, std::size_t> slice_bounds(const Value& begin, const Value& end, std::size_t size) {
    auto length = static_cast<std::int64_t>(size);
    auto bound = [length](const Value& value, std::int64_t absent) {
        std::int64_t at = value.is_null() ? absent : value.as_int();
        if (at < 0) at += length;
        return std::clamp<std::int64_t>(at, 0, length);
    };
    std::int64_t from = bound(begin, 0);
    return {static_cast<std::size_t>(from), static_cast<std::size_t>(std::max(from, bound(end, length)))};
}

}  // namespace

std::size_t text_length(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string_view text_slice(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t at = 0;
    std::size_t number = 0;
    for (; number < begin && at < text.size(); ++number) at += code_point_size(text, at);
    std::size_t from = at;
    for (; number < end && at < text.size(); ++number) at += code_point_size(text, at);
    return text.substr(from, at - from);
}

Native* Interpreter::method_of(Type type, const String* name) const {
    const auto& table = methods_[static_cast<std::size_t>(type)];
    auto found = table.find(name);
    return found == table.end() ? nullptr : found->second;
}

NativeResult Interpreter::member(const Value& object, const String* name) {
    switch (object.type()) {
        case Type::kInstance:
            return instance_member(*this, object, name);
        case Type::kHostObject:
            return static_cast<HostObject*>(object.as_object())->member(*this, name->text);
        case Type::kError:
            return error_member(*this, object.as<ErrorObject>().error, name);
        case Type::kMap:
            if (const Value* found = object.as<Map>().find(Value(const_cast<String*>(name)))) return *found;
            break;
        case Type::kModule: {
            const auto& module = object.as<Module>();
            auto found = module.exports.find(name->text);
            if (found == module.exports.end()) {
                return script_error(ErrorKind::kKey, "module `{}` has no `{}`", module.name, name->text);
            }
            const Value& value = globals_[found->second];
            if (value.is(Type::kUnset)) {
                return script_error(ErrorKind::kName, "`{}.{}` has no value yet", module.name, name->text);
            }
            return value;
        }
        case Type::kClass:
            if (name->text == "name") return heap_.string(object.as<Class>().name);
            if (Closure* method = object.as<Class>().find(name)) return method;
            break;
        case Type::kRecord:
            if (const Record::Field* field = object.as<Record>().find(name->text)) return field->value;
            break;
        default:
            break;
    }
    if (name->text == "length" && method_of(object.type(), name)) {  // also as a property
        Value argument = object;
        return method_of(object.type(), name)->function(*this, Args{{&argument, 1}, {}});
    }
    if (Native* native = method_of(object.type(), name)) return heap_.make<Method>(object, native);
    return no_member(object, name);
}

bool Interpreter::load_member(const String* name) {
    NativeResult value = member(sp_[-1], name);
    if (!value) return fail(std::move(value).error());
    sp_[-1] = *value;
    return value->is(Type::kMethod) ? within_heap() : true;
}

bool Interpreter::store_member(const String* name) {
    Value object = sp_[-2];
    Value value = sp_[-1];
    sp_ -= 2;
    if (auto* instance = object.try_as<Instance>()) {
        auto slot = static_cast<std::size_t>(instance->cls->add_slot(name));
        if (slot >= instance->slots.size()) {
            heap_.grew((slot + 1 - instance->slots.size()) * sizeof(Value));
            instance->slots.resize(slot + 1, Value::unset());
        }
        instance->slots[slot] = value;
        return true;
    }
    if (auto* map = object.try_as<Map>()) {
        std::size_t before = map->extra_bytes();
        map->set(Value(const_cast<String*>(name)), value);
        heap_.grew(map->extra_bytes() - before);
        return within_heap();
    }
    if (auto* module = object.try_as<Module>()) {
        auto found = module->exports.find(name->text);
        if (found != module->exports.end()) {
            globals_[found->second] = value;
            return true;
        }
    }
    return fail_with(ErrorKind::kType, "cannot set `{}` on {}", name->text, type_name(object.type()));
}

bool Interpreter::load_index() {
    Value object = sp_[-2];
    Value index = sp_[-1];
    --sp_;
    NativeResult result;
    if (auto* map = object.try_as<Map>()) {
        if (!hashable(index)) return fail_with(ErrorKind::kType, "{} cannot be a key", type_name(index.type()));
        const Value* found = map->find(index);
        if (!found) return fail_with(ErrorKind::kKey, "the map has no key {}", to_source(index));
        sp_[-1] = *found;
        return true;
    }
    if (auto* instance = object.try_as<Instance>(); instance && index.is(Type::kString)) {
        return load_member(heap_.intern(index.as<String>().text));
    }
    if (auto* range = index.try_as<Range>(); range && range->step == 1) {
        *sp_++ = Value::integer(range->begin);
        *sp_++ = Value::integer(range->end);
        return slice();
    }
    if (!index.is(Type::kInt)) {
        return fail_with(ErrorKind::kType, "{} cannot be indexed by {}", type_name(object.type()),
                         type_name(index.type()));
    }
    if (auto* array = object.try_as<Array>()) {
        result = list_index(array->items, index.as_int());
    } else if (auto* tuple = object.try_as<Tuple>()) {
        result = list_index(tuple->items, index.as_int());
    } else if (auto* string = object.try_as<String>()) {
        std::size_t size = text_length(string->text);
        auto place = resolve(index.as_int(), size);
        if (!place) return fail(outside(index.as_int(), size).value());
        result = heap_.string(text_slice(string->text, *place, *place + 1));
    } else if (auto* range = object.try_as<Range>()) {
        std::uint64_t size = range->length();
        auto place = resolve(index.as_int(), size);
        if (!place) return fail(outside(index.as_int(), size).value());
        result = Value::integer(range->begin + static_cast<std::int64_t>(*place) * range->step);
    } else {
        return fail_with(ErrorKind::kType, "{} cannot be indexed", type_name(object.type()));
    }
    if (!result) return fail(std::move(result).error());
    sp_[-1] = *result;
    return within_heap();
}

bool Interpreter::store_index() {
    Value object = sp_[-3];
    Value index = sp_[-2];
    Value value = sp_[-1];
    sp_ -= 3;
    if (auto* map = object.try_as<Map>()) {
        if (!hashable(index)) return fail_with(ErrorKind::kType, "{} cannot be a key", type_name(index.type()));
        std::size_t before = map->extra_bytes();
        map->set(index, value);
        heap_.grew(map->extra_bytes() - before);
        return within_heap();
    }
    auto* array = object.try_as<Array>();
    if (!array) return fail_with(ErrorKind::kType, "elements of {} cannot be set", type_name(object.type()));
    if (!index.is(Type::kInt))
        return fail_with(ErrorKind::kType, "array cannot be indexed by {}", type_name(index.type()));
    auto place = resolve(index.as_int(), array->items.size());
    if (!place) return fail(outside(index.as_int(), array->items.size()).value());
    array->items[*place] = value;
    return true;
}

bool Interpreter::slice() {
    Value object = sp_[-3];
    Value begin = sp_[-2];
    Value end = sp_[-1];
    sp_ -= 2;
    for (const Value* bound : {&begin, &end}) {
        if (!bound->is_null() && !bound->is(Type::kInt)) {
            return fail_with(ErrorKind::kType, "a slice goes from int to int, not {}", type_name(bound->type()));
        }
    }
    if (auto* string = object.try_as<String>()) {
        auto [from, to] = slice_bounds(begin, end, text_length(string->text));
        sp_[-1] = heap_.string(text_slice(string->text, from, to));
        return within_heap();
    }
    auto part = [&](const std::vector<Value>& items) {
        auto [from, to] = slice_bounds(begin, end, items.size());
        auto first = items.begin() + static_cast<std::ptrdiff_t>(from);
        return std::vector<Value>(first, first + static_cast<std::ptrdiff_t>(to - from));
    };
    if (auto* array = object.try_as<Array>()) {
        if (!has_room(array->items.size() * sizeof(Value))) return fail(over_limit().value());
        sp_[-1] = heap_.make<Array>(part(array->items));
    } else if (auto* tuple = object.try_as<Tuple>()) {
        sp_[-1] = heap_.make<Tuple>(part(tuple->items));
    } else {
        return fail_with(ErrorKind::kType, "{} has no slices", type_name(object.type()));
    }
    return within_heap();
}

// ---- Loops
// --------------------------------------------------------------------------------------------------------------

bool Interpreter::iterate(Value* slot) {
    Value source = sp_[-1];
    switch (source.type()) {
        case Type::kArray:
        case Type::kTuple:
        case Type::kMap:
        case Type::kString:
        case Type::kRange:
            break;
        default:
            return fail_with(ErrorKind::kType, "{} cannot be iterated{}", type_name(source.type()),
                             source.is(Type::kInt) ? fmt::format(" (did you mean `0..{}`?)", source.as_int()) : "");
    }
    maybe_collect();
    auto* iterator = heap_.make<Iterator>(source);
    --sp_;
    if (auto* range = source.try_as<Range>()) {
        iterator->next = range->begin;
        iterator->left = range->length();
    }
    *slot = iterator;
    return true;
}

int Interpreter::next_item(Value* slot, bool pair) {
    auto* iterator = slot->try_as<Iterator>();
    if (!iterator) return fail(ErrorKind::kType, "the loop has no iterator") ? 1 : -1;
    Value key = Value::integer(static_cast<std::int64_t>(iterator->position));
    Value item;
    if (auto* range = iterator->source.try_as<Range>()) {
        if (iterator->left == 0) return 0;
        item = Value::integer(iterator->next);
        if (--iterator->left != 0) iterator->next += range->step;
        ++iterator->position;
    } else if (auto* map = iterator->source.try_as<Map>()) {
        auto entries = map->entries();
        while (iterator->position < entries.size() && entries[iterator->position].key.is(Type::kUnset))
            ++iterator->position;
        if (iterator->position >= entries.size()) return 0;
        const Map::Entry& entry = entries[iterator->position++];
        key = entry.key;
        item = pair ? entry.value : entry.key;
    } else if (auto* string = iterator->source.try_as<String>()) {
        if (iterator->left >= string->text.size()) return 0;
        std::size_t size = code_point_size(string->text, iterator->left);
        item = heap_.string(std::string_view(string->text).substr(iterator->left, size));
        iterator->left += size;
        ++iterator->position;
    } else {
        auto* array = iterator->source.try_as<Array>();
        const std::vector<Value>& items = array ? array->items : iterator->source.as<Tuple>().items;
        if (iterator->position >= items.size()) return 0;
        item = items[iterator->position++];
        auto* two = item.try_as<Tuple>();
        if (pair && two && two->items.size() == 2) {
            key = two->items[0];
            item = two->items[1];
        }
    }
    if (pair) *sp_++ = key;
    *sp_++ = item;
    if (!iterator->source.is(Type::kString)) return 1;
    return within_heap() ? 1 : -1;
}

bool Interpreter::unpack(std::size_t count) {
    Value source = sp_[-1];
    const std::vector<Value>* items = nullptr;
    if (auto* array = source.try_as<Array>()) items = &array->items;
    if (auto* tuple = source.try_as<Tuple>()) items = &tuple->items;
    if (!items)
        return fail_with(ErrorKind::kType, "{} cannot be taken apart into {} values", type_name(source.type()), count);
    if (items->size() != count) {
        return fail_with(ErrorKind::kValue, "{} values are wanted and the {} has {}", count, type_name(source.type()),
                         items->size());
    }
    --sp_;
    for (std::size_t i = count; i > 0; --i) *sp_++ = (*items)[i - 1];
    return true;
}

bool Interpreter::append_local(Value* slot) {
    auto* array = slot->try_as<Array>();
    if (!array) return fail(ErrorKind::kType, "there is no list to append to");
    std::size_t before = array->extra_bytes();
    array->items.push_back(*--sp_);
    heap_.grew(array->extra_bytes() - before);
    return within_heap();
}

// ---- Making
// -------------------------------------------------------------------------------------------------------------

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
    *sp_++ = heap_.make<String>(std::string(scratch_));
    return within_heap();
}

bool Interpreter::format_top(const std::string& spec) {
    auto text = format_value(sp_[-1], spec);
    if (!text) return fail(std::move(text).error());
    sp_[-1] = heap_.make<String>(std::move(*text));
    return within_heap();
}

bool Interpreter::matches() {
    Value subject = sp_[-2];
    Value pattern = sp_[-1];
    --sp_;
    bool result = equal(subject, pattern);
    if (auto* range = pattern.try_as<Range>(); range && subject.is(Type::kInt))
        result = range->contains(subject.as_int());
    if (auto* cls = pattern.try_as<Class>(); cls && subject.is(Type::kInstance)) {
        result = subject.as<Instance>().cls->derives_from(cls);
    }
    sp_[-1] = Value::boolean(result);
    return true;
}

bool Interpreter::load_field(const std::string& name) {
    std::optional<Value> value = fields_ ? fields_(name) : machines_.field(name);
    if (value && value->is(Type::kUnset)) return fail(ErrorKind::kMistake, "the field's value has a mistake");
    *sp_++ = value.value_or(Value::unset());
    return true;
}

}  // namespace nyx::script
