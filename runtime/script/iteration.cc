// Loops over each type of value, and taking values apart.
#include "runtime/script/code_points.h"
#include "runtime/script/interpreter.h"

namespace nyx::script {

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

}  // namespace nyx::script
