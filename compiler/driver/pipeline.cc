#include "compiler/driver/pipeline.h"

#include "compiler/syntax/parser.h"

namespace nyx::driver {

Result<std::unique_ptr<ast::Module>> parse_file(Compilation& compilation, const std::string& path) {
    NYX_ASSIGN(std::uint32_t file, compilation.sources.load(path));
    return syntax::parse(compilation.sources, file, compilation.sink);
}

}  // namespace nyx::driver
