// Regions without a thread: a block is compiled as soon as it is hot.
#pragma once

#include "runtime/soft/jit/background_compiler.h"

namespace nyx::soft {

struct CompileAtOnce : RegionSource {
    std::unique_ptr<RegionCompiler> compiler;
    unsigned asked = 0, made = 0;

    // Null: the library is not part of this build.
    static std::shared_ptr<CompileAtOnce> make() {
        auto loaded = load_region_compiler(region_library());
        if (!loaded) return nullptr;
        auto source = std::make_shared<CompileAtOnce>();
        source->compiler = std::move(*loaded);
        return source;
    }
    bool ask(std::unique_ptr<RegionRequest>& request, const std::shared_ptr<RegionInbox>& answer) override {
        auto region = compiler->compile(*request);
        ++asked;
        if (region) ++made;
        answer->put({std::move(request), std::move(region)});
        return true;
    }
};

}  // namespace nyx::soft
