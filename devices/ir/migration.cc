#include "devices/ir/migration.h"

namespace nyx::dev::ir {

const std::vector<StateField>& made_by(const Program& program, const Migration& migration) {
    return migration.to == program.version ? program.state : migration.made;
}

Program migration_program(const Program& program, const Migration& migration) {
    Program made;
    made.name = program.name;
    made.settings = program.settings;
    made.state = made_by(program, migration);
    made.state.insert(made.state.end(), migration.old.begin(), migration.old.end());
    made.functions.push_back(migration.code);
    return made;
}

}  // namespace nyx::dev::ir
