// What goes wrong while a script runs: a value like any other, never a C++ exception.
//
// Every kind up to kThrown can be caught by the script; the others end the run.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/span.h"
#include "runtime/script/value.h"

namespace nyx::script {

enum class ErrorKind : std::uint8_t {
    kType,        // a value of the wrong type
    kValue,       // the right type, an impossible value
    kIndex,       // outside an array or string
    kKey,         // no such key or member
    kName,        // a variable read before it has a value
    kArity,       // arguments that the function does not take
    kArithmetic,  // overflow, division by zero
    kAssertion,   // assert
    kThrown,      // throw; `value` is what was thrown
    kLimit,       // steps, memory or depth are used up
    kCapability,  // this build has no such feature
    kStop,        // not a mistake: a hook asked to end the run here (the build stage at `.run()`)
    kMistake,     // code with a mistake, or a value that is unknown because of one; the mistake itself was reported
};

struct TraceEntry {
    std::string function;
    Span where;  // the call that led on
};

struct ScriptError {
    ErrorKind kind = ErrorKind::kValue;
    std::string message;
    Span where;                     // the innermost place
    Span user_where{};              // the innermost place outside stdlib; unknown when there is none
    std::vector<TraceEntry> trace;  // the innermost first
    Value value;                    // of kThrown
};

// "type", "index" …, as `e.kind` says it.
std::string_view error_kind_name(ErrorKind kind);
inline bool catchable(ErrorKind kind) {
    return kind < ErrorKind::kLimit;
}

struct ErrorObject final : Object {
    static constexpr Type kType = Type::kError;
    explicit ErrorObject(ScriptError e) : Object(kType), error(std::move(e)) {}
    void trace(Marker& marker) const override;
    const ScriptError error;
};

}  // namespace nyx::script
