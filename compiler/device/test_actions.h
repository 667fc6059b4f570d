// What a test of a device does: `write(reg, v)`, `read(reg)`, `host.name(v)`, `advance(ns)`, `reset()`,
// `restore(version, …)`. Private to this folder.
#pragma once

#include <vector>

#include "compiler/device/test_values.h"

namespace nyx::device {

class TestActions {
  public:
    // before: what the lock says of the state, for `restore`; may be null. All outlive this.
    TestActions(const Declared& device, TestValues& values, std::vector<TestStep>& steps, const LockedDevice* before)
        : device_(device), values_(values), steps_(steps), before_(before) {}

    // Whether it is one; then it is a step, or what is wrong with it was reported.
    bool lower(const ast::CallExpr& node);

  private:
    void write(const ast::CallExpr& node);
    void advance(const ast::CallExpr& node);
    void reset(const ast::CallExpr& node);
    void restore(const ast::CallExpr& node);
    void host(const ast::CallExpr& node, const ast::Ident& name);
    void send(const ast::CallExpr& node, std::uint32_t source);
    void answer(const ast::CallExpr& node, std::uint32_t query);
    // Reports where there are more or less.
    bool has_arguments(const ast::CallExpr& node, std::size_t count, std::string_view otherwise);

    const Declared& device_;
    TestValues& values_;
    std::vector<TestStep>& steps_;
    const LockedDevice* before_;
};

}  // namespace nyx::device
