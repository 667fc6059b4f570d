// What the instruction loop (execute.cc) is written with. Macros, because they name its variables and leave for its
// handler.
//
// The loop keeps ip, base and sp in registers. SYNC() hands them to a member function, RELOAD() takes over what it made
// of them, and TRY(f()) does both and leaves for the handler when f failed.
#pragma once

// NOLINTBEGIN(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
#define SYNC() (frames_.back().ip = ip, sp_ = sp)
#define RELOAD()                           \
    do {                                   \
        const Frame& top = frames_.back(); \
        ip = top.ip;                       \
        base = top.base;                   \
        sp = sp_;                          \
    } while (false)
#define TRY(call)               \
    do {                        \
        SYNC();                 \
        if (!(call)) goto fail; \
        sp = sp_;               \
    } while (false)
#define TRY_CALL(call)          \
    do {                        \
        SYNC();                 \
        if (!(call)) goto fail; \
        RELOAD();               \
    } while (false)
#define CHARGE_STEP()                       \
    do {                                    \
        if (--steps_left_ == 0) {           \
            SYNC();                         \
            if (!more_steps()) {            \
                fail(over_limit().value()); \
                goto fail;                  \
            }                               \
        }                                   \
    } while (false)
#define FAST_INTS(builtin)                                         \
    if (sp[-2].is(Type::kInt) && sp[-1].is(Type::kInt)) {          \
        std::int64_t result = 0;                                   \
        if (!builtin(sp[-2].as_int(), sp[-1].as_int(), &result)) { \
            --sp;                                                  \
            sp[-1] = Value::integer(result);                       \
            break;                                                 \
        }                                                          \
    }
#define FAST_COMPARE(operator_)                                  \
    if (sp[-2].is(Type::kInt) && sp[-1].is(Type::kInt)) {        \
        bool result = sp[-2].as_int() operator_ sp[-1].as_int(); \
        --sp;                                                    \
        sp[-1] = Value::boolean(result);                         \
        break;                                                   \
    }
#define JUMP_WHEN(condition)                              \
    if (condition) {                                      \
        ip = frames_.back().function->code.data() + in.b; \
    }
// NOLINTEND(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
