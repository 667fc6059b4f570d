// The words of this folder's diagnostics, and the rule that a place is complained about once.
//
// Silent until it is switched on. Inside the body of a `try` with a `catch`, what fails is caught: there a finding is a
// warning.
#pragma once

#include <string>
#include <vector>

#include "compiler/analyze/data.h"
#include "compiler/analyze/fits.h"
#include "compiler/diagnostics/diagnostic.h"

namespace nyx::analyze {

class Complaints {
  public:
    Complaints(Model::Data& data, diagnostics::Sink& sink);

    void on() { on_ = true; }
    // Comparing a name with all others takes long; the first of many mistakes get a suggestion.
    bool suggests() const { return suggestions_ < kMostSuggestions; }
    void enter_try() { ++in_try_; }
    void leave_try() { --in_try_; }
    int outside_try() { return std::exchange(in_try_, 0); }  // a function's body may run elsewhere
    void back_in_try(int depth) { in_try_ = depth; }

    // failing: the span that the interpreter would report for it.
    void unknown_member(Span where, const std::string& object, const std::string& name, Span declared,
                        const std::vector<std::string>& known, Span failing);
    void operands(std::string_view op, Span op_span, Span left, Type a, Span right, Type b, Span whole);
    void operand(std::string_view op, Span operand, Type type, Span whole);
    void not_callable(Span callee, Type type, Span failing);
    void no_elements(Span where, Type type, std::string_view what, Span failing);
    void bad_index(Span where, Type object, Type index, Span failing);
    void one_argument_more(Span where, const Signature& signature, Span failing);
    void no_parameter(Span where, const Signature& signature, const std::string& name, Span failing);
    void given_twice(Span where, const Signature& signature, const std::string& name, Span failing);
    void missing_argument(Span where, const Signature& signature, const std::string& name, Span failing);
    void mismatch(const Misfit& misfit, const std::string& subject, Span declared, Span failing);
    void wrong_count(Span where, Type type, std::size_t wanted, std::size_t given, Span failing);
    void missing_return(const FunctionEntry& entry);
    // statement: that of a module in which it is read; unknown in a function.
    void unassigned(Span where, const Symbol& symbol, Span statement);
    void unreachable(Span where, Span leaver);
    // first_entry: with what separates it from the next.
    void duplicate_key(Span where, Span first, const std::string& key, Span first_entry);
    // whole: the case with what separates it from the one before; unknown where it has other values as well.
    void duplicate_case(Span where, Span first, const std::string& value, Span whole);

  private:
    static constexpr int kMostSuggestions = 100;
    struct Interval {
        std::uint32_t begin;
        std::uint32_t end;
    };
    bool known(Span span) const;
    // Null where it is not to be said.
    diagnostics::Diagnostic* report(diagnostics::Code code, Span where, std::string message, std::string label,
                                    Span failing);
    void declared_at(diagnostics::Diagnostic& finding, Span where);
    void offer_unit(diagnostics::Diagnostic& finding, Span number, Span quantity, Type type);
    void offer_removal(diagnostics::Diagnostic& finding, std::string title, Span where);

    Model::Data& data_;
    diagnostics::Sink& sink_;
    std::vector<std::vector<Interval>> reported_;  // by file; `end` is the greatest up to there
    bool on_ = false;
    int in_try_ = 0;
    int suggestions_ = 0;
};

}  // namespace nyx::analyze
