// Closures, and the variables that they share with the frames that made them.
#include <algorithm>

#include "runtime/script/interpreter.h"

namespace nyx::script {

Cell* Interpreter::capture(Value* slot) {
    auto place = std::lower_bound(open_cells_.begin(), open_cells_.end(), slot,
                                  [](const Cell* cell, const Value* at) { return cell->target < at; });
    if (place != open_cells_.end() && (*place)->target == slot) return *place;
    return *open_cells_.insert(place, heap_.make<Cell>(slot));
}

void Interpreter::close_cells(const Value* from) {
    while (!open_cells_.empty() && open_cells_.back()->target >= from) {
        open_cells_.back()->close();
        open_cells_.pop_back();
    }
}

Closure* Interpreter::make_closure(const Function& function) {
    auto* closure = heap_.make<Closure>(&function);
    Frame& frame = frames_.back();
    for (const Capture& taken : function.captures) {
        closure->cells.push_back(taken.from_local ? capture(frame.base + taken.index)
                                                  : frame.closure->cells[taken.index]);
    }
    if (frame.closure) closure->owner = frame.closure->owner;
    return closure;
}

}  // namespace nyx::script
