// The instruction loop. Common cases of whole numbers are done here; everything else is a member function that leaves
// its result on the stack, or returns false with error_ set.
#include "runtime/script/execute_steps.h"
#include "runtime/script/interpreter.h"

namespace nyx::script {

NativeResult Interpreter::execute(std::size_t stop) {
    const Instruction* ip = nullptr;
    Value* base = nullptr;
    Value* sp = nullptr;
    RELOAD();
    for (;;) {
        const Instruction in = *ip++;
        switch (in.op) {
            case Op::kMistake:
                TRY(fail(ErrorKind::kMistake, "this has a mistake"));
                break;
            case Op::kNull:
                *sp++ = Value();
                break;
            case Op::kTrue:
                *sp++ = Value::boolean(true);
                break;
            case Op::kFalse:
                *sp++ = Value::boolean(false);
                break;
            case Op::kInt:
                *sp++ = Value::integer(static_cast<std::int32_t>(in.b));
                break;
            case Op::kConst:
                *sp++ = constants_[in.b];
                break;
            case Op::kPop:
                --sp;
                break;
            case Op::kDup:
                sp[0] = sp[-1];
                ++sp;
                break;
            case Op::kDup2:
                sp[0] = sp[-2];
                sp[1] = sp[-1];
                sp += 2;
                break;

            case Op::kLoadLocal:
                *sp++ = base[in.a];
                break;
            case Op::kLoadLocalChecked:
                if (base[in.a].is(Type::kUnset)) {
                    TRY(has_no_value(frames_.back().function->local_names[in.a]));
                }
                *sp++ = base[in.a];
                break;
            case Op::kStoreLocal:
                base[in.a] = *--sp;
                break;
            case Op::kCloseLocal:
                close_cells(base + in.a);
                break;
            case Op::kLocalIsSet:
                *sp++ = Value::boolean(!base[in.a].is(Type::kUnset));
                break;
            case Op::kAddLocalInt: {
                Value& local = base[in.a];
                auto amount = std::int64_t{static_cast<std::int32_t>(in.b)};
                std::int64_t sum = 0;
                if (local.is(Type::kInt) && !__builtin_add_overflow(local.as_int(), amount, &sum)) {
                    local = Value::integer(sum);
                    break;
                }
                if (local.is(Type::kUnset)) TRY(has_no_value(frames_.back().function->local_names[in.a]));
                *sp++ = local;
                *sp++ = Value::integer(amount);
                TRY(binary(Op::kAdd));
                base[in.a] = *--sp;
                break;
            }
            case Op::kLoadCell: {
                const Value& value = *frames_.back().closure->cells[in.b]->target;
                if (value.is(Type::kUnset)) TRY(has_no_value(frames_.back().function->capture_names[in.b]));
                *sp++ = value;
                break;
            }
            case Op::kStoreCell:
                *frames_.back().closure->cells[in.b]->target = *--sp;
                break;
            case Op::kLoadGlobal:
                if (globals_[in.b].is(Type::kUnset)) TRY(has_no_value(program_.globals[in.b]));
                *sp++ = globals_[in.b];
                break;
            case Op::kStoreGlobal:
                globals_[in.b] = *--sp;
                break;
            case Op::kLoadNative:
                *sp++ = natives_[in.b];
                break;
            case Op::kLoadModule:
                *sp++ = modules_[in.b];
                break;
            case Op::kClosure:
                SYNC();
                maybe_collect();
                *sp++ = make_closure(program_.functions[in.b]);
                TRY(within_heap());
                break;

            case Op::kMember:
                if (auto* instance = sp[-1].try_as<Instance>()) {
                    auto slot = static_cast<std::size_t>(instance->cls->slot(names_[in.b]));
                    if (slot < instance->slots.size() && !instance->slots[slot].is(Type::kUnset)) {
                        sp[-1] = instance->slots[slot];
                        break;
                    }
                }
                TRY(load_member(names_[in.b]));
                break;
            case Op::kSetMember:
                TRY(store_member(names_[in.b]));
                break;
            case Op::kIndex:
                if (sp[-1].is(Type::kInt)) {
                    if (auto* array = sp[-2].try_as<Array>()) {
                        auto index = static_cast<std::uint64_t>(sp[-1].as_int());
                        if (index < array->items.size()) {
                            --sp;
                            sp[-1] = array->items[index];
                            break;
                        }
                    }
                }
                TRY(load_index());
                break;
            case Op::kSetIndex:
                TRY(store_index());
                break;
            case Op::kSlice:
                TRY(slice());
                break;

            case Op::kNot:
                sp[-1] = Value::boolean(!truthy(sp[-1]));
                break;
            case Op::kNegate:
            case Op::kBitNot:
                TRY(unary(in.op));
                break;
            case Op::kAdd:
                FAST_INTS(__builtin_add_overflow) TRY(binary(in.op));
                break;
            case Op::kSubtract:
                FAST_INTS(__builtin_sub_overflow) TRY(binary(in.op));
                break;
            case Op::kMultiply:
                FAST_INTS(__builtin_mul_overflow) TRY(binary(in.op));
                break;
            case Op::kEqual:
                FAST_COMPARE(==) TRY(binary(in.op));
                break;
            case Op::kNotEqual:
                FAST_COMPARE(!=) TRY(binary(in.op));
                break;
            case Op::kLess:
                FAST_COMPARE(<) TRY(binary(in.op));
                break;
            case Op::kLessEqual:
                FAST_COMPARE(<=) TRY(binary(in.op));
                break;
            case Op::kGreater:
                FAST_COMPARE(>) TRY(binary(in.op));
                break;
            case Op::kGreaterEqual:
                FAST_COMPARE(>=) TRY(binary(in.op));
                break;
            case Op::kDivide:
            case Op::kFloorDivide:
            case Op::kModulo:
            case Op::kPower:
            case Op::kBitAnd:
            case Op::kBitOr:
            case Op::kBitXor:
            case Op::kShiftLeft:
            case Op::kShiftRight:
            case Op::kIn:
            case Op::kNotIn:
            case Op::kRange:
                TRY(binary(in.op));
                break;
            case Op::kMatches:
                TRY(matches());
                break;

            case Op::kJump:
                JUMP_WHEN(true) break;
            case Op::kJumpIfFalse:
                --sp;
                JUMP_WHEN(!truthy(*sp)) break;
            case Op::kJumpIfTrue:
                --sp;
                JUMP_WHEN(truthy(*sp)) break;
            case Op::kJumpIfFalseKeep:
                JUMP_WHEN(!truthy(sp[-1])) else --sp;
                break;
            case Op::kJumpIfTrueKeep:
                JUMP_WHEN(truthy(sp[-1])) else --sp;
                break;
            case Op::kJumpIfNotNullKeep:
                JUMP_WHEN(!sp[-1].is_null()) else --sp;
                break;
            case Op::kJumpIfSetKeep:
                JUMP_WHEN(!sp[-1].is(Type::kUnset)) else --sp;
                break;
            case Op::kJumpIfNull:
                JUMP_WHEN(sp[-1].is_null()) break;
            case Op::kJumpUnlessLess:
                if (sp[-2].is(Type::kInt) && sp[-1].is(Type::kInt)) {
                    sp -= 2;
                    JUMP_WHEN(sp[0].as_int() >= sp[1].as_int()) break;
                }
                TRY(binary(Op::kLess));
                --sp;
                JUMP_WHEN(!sp->as_bool()) break;
            case Op::kJumpUnlessEqual:
                if (sp[-2].is(Type::kInt) && sp[-1].is(Type::kInt)) {
                    sp -= 2;
                    JUMP_WHEN(sp[0].as_int() != sp[1].as_int()) break;
                }
                TRY(binary(Op::kEqual));
                --sp;
                JUMP_WHEN(!sp->as_bool()) break;
            case Op::kLoop:
                CHARGE_STEP();
                JUMP_WHEN(true) break;

            case Op::kCall:
                CHARGE_STEP();
                TRY_CALL(call_value(sp - in.a - 1, in.a, {}));
                break;
            case Op::kCallNamed:
                CHARGE_STEP();
                TRY_CALL(call_value(sp - program_.call_sites[in.b].count() - 1, program_.call_sites[in.b].positional,
                                    site_names_[in.b]));
                break;
            case Op::kCallNative:
                CHARGE_STEP();
                TRY(call_native(natives_[in.b], sp - in.a, sp - in.a, in.a, {}));
                break;
            case Op::kInvoke:
                CHARGE_STEP();
                TRY_CALL(invoke(program_.call_sites[in.b], in.b));
                break;
            case Op::kInvokeSuper:
                CHARGE_STEP();
                TRY_CALL(invoke_super(program_.call_sites[in.b], in.b));
                break;
            case Op::kReturn: {
                const Frame& frame = frames_.back();
                Value result = frame.kind == Frame::kConstruct ? frame.base[0] : sp[-1];
                close_cells(frame.base);
                sp_ = frame.result;
                if (frame.kind != Frame::kFields) *sp_++ = result;
                frames_.pop_back();
                if (frames_.size() == stop) return result;
                RELOAD();
                break;
            }

            case Op::kMakeArray:
                TRY(make_list<Array>(in.b));
                break;
            case Op::kMakeTuple:
                TRY(make_list<Tuple>(in.b));
                break;
            case Op::kMakeMap:
                TRY(make_map(in.b));
                break;
            case Op::kAppendLocal:
                TRY(append_local(base + in.a));
                break;
            case Op::kIterInit:
                TRY(iterate(base + in.a));
                break;
            case Op::kIterNext: {
                auto* iterator = base[in.a].try_as<Iterator>();
                if (iterator && iterator->source.is(Type::kRange) && iterator->left != 0) {
                    *sp++ = Value::integer(iterator->next);
                    if (--iterator->left != 0)
                        iterator->next += static_cast<Range*>(iterator->source.as_object())->step;
                    break;
                }
            }
                [[fallthrough]];
            case Op::kIterNext2: {
                SYNC();
                int found = next_item(base + in.a, in.op == Op::kIterNext2);
                if (found < 0) goto fail;
                sp = sp_;
                JUMP_WHEN(found == 0) break;
            }
            case Op::kUnpack:
                TRY(unpack(in.a));
                break;

            case Op::kThrow:
                TRY(throw_top());
                break;
            case Op::kRethrow:
                TRY(throw_again());
                break;
            case Op::kUnwrap:
                if (auto* error = sp[-1].try_as<ErrorObject>(); error && error->error.kind == ErrorKind::kThrown) {
                    sp[-1] = error->error.value;
                }
                break;
            case Op::kAssertFail:
                TRY(fail_assertion());
                break;

            case Op::kMakeClass:
                TRY(make_class(program_.classes[in.b]));
                break;
            case Op::kCoerce:
                TRY(coerce(sp[-1], program_.checks[in.b]));
                break;
            case Op::kCoerceLocal:
                TRY(coerce(base[in.a], program_.checks[in.b]));
                break;
            case Op::kFormat:
                TRY(format_top(program_.constants[in.b].text));
                break;
            case Op::kConcat:
                TRY(concat(in.b));
                break;
            case Op::kSymbol:
                SYNC();
                maybe_collect();
                *sp++ = heap_.make<Symbol>(program_.constants[in.b].text, here());
                break;
            case Op::kRecord:
                TRY(make_record(program_.records[in.b]));
                break;
            case Op::kBeginMachine:
            case Op::kSetting:
            case Op::kBeginDevice:
            case Op::kEndDevice:
            case Op::kRequire:
            case Op::kEndMachine:
            case Op::kLoadField:
            case Op::kTest:
            case Op::kOn:
            case Op::kNeed:
            case Op::kNote:
                TRY(describe(in));
                break;
        }
        continue;
    fail:
        if (!unwind(stop)) return tl::make_unexpected(std::move(error_));
        RELOAD();
    }
}

}  // namespace nyx::script
