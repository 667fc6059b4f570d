// Runs one .ny file as `nyx run` would, with a guest that ends at once with status 0. What the build lacks is said in
// lines that begin with `waits: `.
#include <cstdio>
#include <set>
#include <string>

#include "compiler/lower/evaluate.h"

namespace {

using namespace nyx;

class NoGuest final : public script::RunHooks {
  public:
    script::NativeResult run(script::Interpreter&, script::MachineObject&) override {
        return script::Value::integer(0);
    }
    std::int64_t now() const override { return now_ += 1'000'000; }  // each look takes a millisecond

  private:
    mutable std::int64_t now_ = 0;
};

int complain(const std::string& message) {
    std::fprintf(stderr, "%s\n", message.c_str());
    return 1;
}

std::string place(const script::ScriptError& error, source::SourceMap& sources) {
    Span where = error.user_where.known() ? error.user_where : error.where;
    if (!where.known()) return "?";
    return sources.file(where.file).path + ":" + std::to_string(sources.position(where.file, where.begin).line);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return complain("usage: run_script STDLIB FILE.ny") + 1;
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto file = sources.load(argv[2]);
    if (!file) return complain(file.error().text());
    lower::FileLoader loader(argv[1]);
    lower::Program program = lower::load_program(sources, *file, loader, "std.prelude", sink);
    for (const auto& one : sink.all()) complain(one.message);
    if (!program.clean) return 1;
    auto interpreter = script::Interpreter::create(program.code, script::standard_natives());
    if (!interpreter) return complain(interpreter.error().text());
    NoGuest hooks;
    (*interpreter)->on_run(&hooks);
    (*interpreter)->on_print([](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); });
    auto ended = (*interpreter)->run();
    std::set<std::string> missing;
    for (const script::MachineObject* machine : (*interpreter)->machines().finished()) {
        for (const script::Need& need : machine->config.needs) missing.insert("this build of Nyx has no " + need.what);
    }
    if (!ended) {
        if (ended.error().kind != script::ErrorKind::kCapability)
            return complain(place(ended.error(), sources) + ": " + ended.error().message);
        missing.insert(ended.error().message);
    }
    for (const std::string& what : missing) std::printf("waits: %s\n", what.c_str());
    return 0;
}
