// What a text means, found in stages, so that an editor has the first answers before the last are known.
//
// The driver implements both classes with the pipeline of `nyxc check`: the server says what nyxc says. One thread, but
// for `Interrupted`, which is asked while a stage works.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/analyze/model.h"
#include "compiler/check/schema.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::lsp {

enum class Stage : std::uint8_t {
    kNothing,
    kParsed,   // the text's own syntax
    kKnown,    // its imports, names and types
    kChecked,  // the build stage was run, machines were checked and placed: all that `nyxc check` says
};
inline constexpr std::size_t kStages = 4;

// Whether the work has become useless.
using Interrupted = std::function<bool()>;

// A machine without a mistake; without a plan where placing found one.
struct CheckedMachine {
    model::Machine machine;
    std::optional<plan::MachinePlan> plan;
};

// One text. What a stage finds stays valid as long as the object lives.
class Analysis {
  public:
    Analysis() = default;
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;
    virtual ~Analysis() = default;

    // Goes through all stages up to this one. False where it was interrupted, or could not go on.
    virtual bool advance(Stage to, const Interrupted& interrupted) = 0;
    virtual Stage stage() const = 0;

    // Found by that stage alone, in order. Those with file == main_file() are in the text.
    virtual std::vector<diagnostics::Diagnostic> diagnostics(Stage of) const = 0;
    virtual std::uint32_t main_file() const { return 0; }
    // From kParsed on.
    virtual const source::SourceMap* sources() const { return nullptr; }
    virtual const ast::Module* tree() const { return nullptr; }
    // From kKnown on; null where the text could not be analyzed at all.
    virtual const analyze::Model* model() const { return nullptr; }
    // From kChecked on, in the order of the source.
    virtual const std::vector<CheckedMachine>& machines() const {
        static const std::vector<CheckedMachine> none;
        return none;
    }
};

// What stdlib declares, whatever a text says.
struct Library {
    const check::Schemas* schemas = nullptr;
    const source::SourceMap* sources = nullptr;  // for the spans in schemas
    std::string folder;
    std::shared_ptr<const void> owner;
};

// The text of a file that is open in the editor, by its path; null for others.
using OpenTexts = std::function<const std::string*(const std::string& path)>;

class Compiler {
  public:
    Compiler() = default;
    Compiler(const Compiler&) = delete;
    Compiler& operator=(const Compiler&) = delete;
    virtual ~Compiler() = default;

    // Null where there is no library to compile with.
    virtual std::unique_ptr<Analysis> begin(const std::string& path, const std::string& text,
                                            const OpenTexts& open) = 0;
    virtual const Library& stdlib() = 0;
};

}  // namespace nyx::lsp
