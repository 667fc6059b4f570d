// The steps of compile(). Private to this folder.
#pragma once

#include "compiler/device/body.h"
#include "compiler/device/compile.h"

namespace nyx::device {

// assign_ids.cc: ids of the state, as `before` has them (may be null), and the version that it needs.
void assign_ids(Declared& device, const LockedDevice* before);
// migrations.cc: into device.program.migrations; and that no field of an older version is lost unsaid. `before` may be
// null.
void lower_migrations(Declared& device, const LockedDevice* before);
// lower.cc: every function of the device, into device.program.
void lower(Declared& device);
// overlap.cc: no two registers answer one access.
void check_overlaps(const Declared& device);
// lower_tests.cc: behind the functions of `program`. Nothing of the device changes but what was reported of it.
std::vector<DeviceTest> lower_tests(Declared& device, dev::ir::Program& program, const LockedDevice* before);
// lower_restore.cc: the fields of `restore(version, name: value, …)`. value: of an expression of this type, a function.
void lower_restore(const Declared& device, const LockedDevice* before, const ast::CallExpr& node, TestStep& step,
                   const std::function<std::uint32_t(const ast::Expr&, Type)>& value);
// A field of a version as the program has it, where it still does, and its type in code.
dev::ir::StateField field_of(const dev::ir::Program& program, const LockedField& locked);
Type type_in_code(const Declared& device, const dev::ir::StateField& field);

}  // namespace nyx::device
