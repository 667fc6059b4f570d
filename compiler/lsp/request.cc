#include "compiler/lsp/request.h"

namespace nyx::lsp {

Position position_of(const nlohmann::json& value) {
    return {value.at("line").get<std::uint32_t>(), value.at("character").get<std::uint32_t>()};
}

std::uint32_t Request::offset() const {
    if (!params.contains("position")) return 0;
    return static_cast<std::uint32_t>(file->document.offset(position_of(params["position"])));
}

std::optional<Place> Request::place() const {
    if (!file || !file->analysis || !file->analysis->model()) return std::nullopt;
    const Analysis& analysis = *file->analysis;
    return Place{*analysis.model(), *analysis.sources(), analysis.main_file(), offset(), workspace.client.encoding};
}

}  // namespace nyx::lsp
