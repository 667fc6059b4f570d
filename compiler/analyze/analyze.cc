#include "compiler/analyze/analyze.h"

#include "compiler/analyze/bind.h"
#include "compiler/analyze/complaints.h"
#include "compiler/analyze/typer.h"
#include "compiler/analyze/unassigned.h"

namespace nyx::analyze {

Model analyze(const lower::Program& program, const source::SourceMap& sources, diagnostics::Sink& sink) {
    auto data = std::make_unique<Model::Data>();
    data->program = &program;
    data->sources = &sources;
    data->files.resize(sources.file_count());
    Binder(*data).bind();
    Complaints complaints(*data, sink);
    Typer(*data, complaints).run();
    report_unassigned(*data, complaints);
    data->finish();
    return Model(std::move(data));
}

}  // namespace nyx::analyze
