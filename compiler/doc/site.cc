#include "compiler/doc/site.h"

#include <fmt/format.h>

#include "compiler/doc/assets.h"
#include "compiler/doc/entries.h"
#include "compiler/doc/html.h"
#include "compiler/doc/pages.h"
#include "compiler/doc/prose.h"

namespace nyx::doc {

namespace {

// A string of JavaScript that may also stand in HTML.
std::string script_string(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\' || c == '<' || byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string search_script(const Entries& entries) {
    std::string text = "\"use strict\";\nconst entries = [\n";
    for (const Entry& entry : entries.all())
        text += fmt::format("[{}, \"{}\", {}, {}],\n", script_string(entry.name), kind_text(entry.kind),
                            script_string(entry.href), script_string(Entries::summary(entry.doc)));
    return text + "];" + std::string(kSearch);
}

std::string crumbs(const Context& context, const Entry& entry) {
    std::string text = link(context.root + "index.html", "Contents");
    const Entry* module = context.entries.find_module(entry.module);
    if (entry.kind != Kind::kModule && module) text += " › " + link(context.root + module->href, module->name);
    return fmt::format("<nav aria-label=\"Where this is\">{} › {}</nav>\n", text, escaped(entry.name));
}

std::string section(const Context& context, const std::string& caption, Kind kind, bool is_library) {
    Table table(caption, {"Name", "Is"});
    for (const Entry& entry : context.entries.all()) {
        if (entry.kind != kind || entry.is_library != is_library) continue;
        table.row("", {link(entry.href, entry.name), inline_prose(context, Entries::summary(entry.doc))});
    }
    return table.text();
}

std::string index_body(const Context& context, const Input& input) {
    std::string out = fmt::format("<h1>{}</h1>\n<p>Press <kbd>/</kbd> to search.</p>\n", escaped(input.title));
    for (Kind kind : {Kind::kMachine, Kind::kModule, Kind::kClass, Kind::kFunction}) {
        constexpr const char* kCaptions[] = {"Modules", "Classes", "Functions", "", "Machines"};
        out += section(context, kCaptions[static_cast<std::size_t>(kind)], kind, false);
    }
    out += section(context, "Devices", Kind::kDevice, true);
    out += section(context, "Schemas", Kind::kSchema, true);
    out += section(context, "Boards", Kind::kMachine, true);
    out += section(context, "Modules of the library", Kind::kModule, true);
    out += section(context, "Classes of the library", Kind::kClass, true);
    out += section(context, "Functions of the library", Kind::kFunction, true);
    return out + section(context, "Built-in functions", Kind::kBuiltin, true);
}

}  // namespace

std::map<std::string, std::string> site(const Input& input) {
    std::map<std::string, std::string> files;
    Entries entries(input);
    for (const Entry& entry : entries.all()) {
        if (entry.kind == Kind::kConstant) continue;  // a row of its module's page
        Context context{entries, input.sources, entry.module, "../"};
        files[entry.href] = page_html({"../", input.title, entry.name, crumbs(context, entry),
                                       page_body(context, entry, input.schemas), input.version});
    }
    Context context{entries, input.sources, "", ""};
    files["index.html"] = page_html({"", input.title, input.title, "", index_body(context, input), input.version});
    files["style.css"] = kStyle;
    files["search.js"] = search_script(entries);
    return files;
}

}  // namespace nyx::doc
