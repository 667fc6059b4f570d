#include "compiler/driver/device_class.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::driver {

using analyze::SymbolId;
using analyze::SymbolKind;
using analyze::TypeKind;
using diagnostics::Code;

namespace {

class ClassCheck {
  public:
    ClassCheck(Compilation& compilation, const Checked& checked, const ast::DeviceDecl& node,
               const device::CompiledDevice& device)
        : compilation_(compilation),
          program_(*checked.program),
          meaning_(checked.meaning),
          node_(node),
          device_(device),
          name_(device.program.script.name) {}

    void run() {
        if (!find_levels()) return;
        handlers();
        const bool saves_itself = check_snapshot();
        for (const SymbolId level : levels_) {
            if (!saves_itself) fields(level);
            calls(level);
        }
    }

  private:
    const ast::ClassDecl* find_class(std::string_view name) const {
        for (const auto& module : program_.modules) {
            for (const ast::StmtPtr& statement : module->body) {
                const auto* node = ast::try_as<ast::ClassDecl>(statement.get());
                if (node != nullptr && node->name.text == name) return node;
            }
        }
        return nullptr;
    }

    // The class and those that it extends, as far as the library's Device. False: that is not among them.
    bool find_levels() {
        constexpr unsigned kMostLevels = 64;
        const ast::ClassDecl* found = find_class(name_);
        const ast::ClassDecl* level = found;
        for (unsigned i = 0; i < kMostLevels && level != nullptr && level->name.text != "Device"; ++i) {
            levels_.push_back(meaning_.symbol_at(level->name.span.file, level->name.span.begin));
            level = level->base ? find_class(level->base->text) : nullptr;
        }
        std::erase(levels_, analyze::kNoSymbol);
        if (level != nullptr && level != found) {
            library_ = meaning_.symbol_at(level->name.span.file, level->name.span.begin);
            return true;
        }
        report(Code::kDeviceName, device_.script,
               found == nullptr ? fmt::format("there is no class `{}`", name_)
                                : fmt::format("`{}` is no class of devices", name_))
            .help(fmt::format("it is declared by `class {} : Device {{ fn io_read(port: int) -> int {{ … }} }}`, with "
                              "`from vm_device_bus import Device`",
                              name_));
        return false;
    }

    // Every timer, and whatever the host brings, is a call of a method.
    void handlers() {
        for (const dev::ir::Timer& timer : device_.program.timers) handler(timer.name, "");
        for (const dev::ir::Source& source : device_.program.sources)
            handler(source.name, source.bits == 0 ? "" : "value: int");
    }

    void handler(const std::string& port, std::string_view parameter) {
        const std::string method = "on_" + port;
        if (find_method(method) != analyze::kNoSymbol) return;
        report(Code::kDeviceItem, place_of(port), fmt::format("`{}` has no method `{}`", name_, method))
            .help(fmt::format("what `{}` brings is a call of `fn {}({}) {{ … }}`", port, method, parameter));
    }

    SymbolId find_method(std::string_view name) const {
        for (const SymbolId level : levels_)
            for (const SymbolId child : meaning_.children(level))
                if (meaning_.symbol(child).kind == SymbolKind::kMethod && meaning_.symbol(child).name == name)
                    return child;
        return analyze::kNoSymbol;
    }

    // Where the declaration has a port or timer; one that it has from another declaration stands elsewhere.
    Span place_of(std::string_view port) const {
        for (const ast::ItemPtr& item : node_.items) {
            if (item->kind == ast::ItemKind::kTimer && ast::as<ast::TimerItem>(*item).name.text == port)
                return ast::as<ast::TimerItem>(*item).name.span;
            if (item->kind != ast::ItemKind::kHost) continue;
            for (const ast::HostPort& one : ast::as<ast::HostItem>(*item).ports)
                if (one.name.text == port) return one.name.span;
        }
        return device_.script;
    }

    // Whether the class says itself what is saved.
    bool check_snapshot() {
        const SymbolId save = find_method("snapshot"), restore = find_method("restore");
        const bool has_save = save != analyze::kNoSymbol, has_restore = restore != analyze::kNoSymbol;
        if (has_save != has_restore)
            report(Code::kNotSaved, meaning_.symbol(has_save ? save : restore).name_span,
                   fmt::format("`{}` is not called without `{}`", has_save ? "snapshot()" : "restore(state)",
                               has_save ? "restore(state)" : "snapshot()"))
                .help("a class that has both says itself what is saved; of others the fields are");
        return has_save && has_restore;
    }

    void fields(SymbolId level) {
        for (const SymbolId child : meaning_.children(level)) {
            const analyze::Symbol& field = meaning_.symbol(child);
            if (field.kind != SymbolKind::kField || is_plain(field.type) || !field.name_span.known()) continue;
            if (compilation_.sources.file(field.name_span.file).is_stdlib) continue;
            report(Code::kNotSaved, field.name_span,
                   fmt::format("`{}` is not part of the device's saved state", field.name), meaning_.text(field.type))
                .note("a machine that is restored has in it what a new object has")
                .help(
                    "saved are numbers, truth values, texts, and lists and maps of such; or the class says it itself, "
                    "by `snapshot()` and `restore(state)`");
        }
    }

    bool is_plain(analyze::Type type) const {
        if (type.is_guess()) return true;
        const analyze::TypeData& data = meaning_.types().data(type);
        switch (data.kind) {
            case TypeKind::kRange:
            case TypeKind::kError:
            case TypeKind::kMachine:
            case TypeKind::kFunction:
            case TypeKind::kClass:
            case TypeKind::kInstance:
            case TypeKind::kModule:
                return false;
            default:
                return std::ranges::all_of(data.parts, [&](analyze::Type part) { return is_plain(part); });
        }
    }

    // Names of timers, sinks and requests, where they are written out.
    void calls(SymbolId level) {
        const Span body = meaning_.symbol(level).span;
        if (compilation_.sources.file(body.file).is_stdlib) return;
        for (const analyze::Call& call : meaning_.calls_in(body.file)) {
            const bool is_inside = call.span.begin >= body.begin && call.span.end <= body.end;
            if (!is_inside || call.callee == analyze::kNoSymbol || call.argument_count == 0) continue;
            const analyze::Symbol& callee = meaning_.symbol(call.callee);
            if (callee.owner != library_) continue;
            if (callee.name == "arm_timer" || callee.name == "cancel_timer" || callee.name == "timer_runs")
                named(call, "timer", names_of(device_.program.timers));
            else if (callee.name == "emit")
                named(call, "sink", names_of(device_.program.sinks));
            else if (callee.name == "request")
                request(call);
        }
    }

    template <class List>
    static std::vector<std::string> names_of(const List& list) {
        std::vector<std::string> names;
        for (const auto& one : list) names.push_back(one.name);
        return names;
    }

    void request(const analyze::Call& call) {
        if (device_.program.script.controls)
            named(call, "request", {"reset", "power_off", "exit", "panicked"});
        else
            report(Code::kDeviceName, call.span, "the device has no port to ask the machine by")
                .help("declare it: `host machine: control`");
    }

    void named(const analyze::Call& call, std::string_view what, const std::vector<std::string>& known) {
        const Span where = meaning_.arguments(call).front().span;
        const std::string_view text = compilation_.sources.text(where);
        const bool is_text = text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
                             text.find_first_of("$\\") == std::string_view::npos;
        const std::string name(is_text ? text.substr(1, text.size() - 2) : "");
        if (!is_text || std::ranges::find(known, name) != known.end()) return;
        auto& finding = report(Code::kDeviceName, where, fmt::format("the device has no {} `{}`", what, name));
        if (auto near = diagnostics::did_you_mean(name, known))
            finding.fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, where,
                        fmt::format("\"{}\"", *near));
        else
            finding.help(known.empty() ? fmt::format("`{}` declares none", node_.name.text)
                                       : fmt::format("there is {}", fmt::join(known, ", ")));
    }

    diagnostics::Diagnostic& report(Code code, Span where, std::string message, std::string label = {}) {
        return compilation_.sink.report(code, where, std::move(message), std::move(label));
    }

    Compilation& compilation_;
    const lower::Program& program_;
    const analyze::Model& meaning_;
    const ast::DeviceDecl& node_;
    const device::CompiledDevice& device_;
    const std::string name_;
    std::vector<SymbolId> levels_;  // the class first
    SymbolId library_ = analyze::kNoSymbol;
};

}  // namespace

void check_device_class(Compilation& compilation, const Checked& checked, const ast::DeviceDecl& node,
                        const device::CompiledDevice& device) {
    ClassCheck(compilation, checked, node, device).run();
}

}  // namespace nyx::driver
