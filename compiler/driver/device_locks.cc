#include "compiler/driver/device_locks.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "runtime/base/file.h"

namespace nyx::driver {

namespace fs = std::filesystem;
using device::StateLock;

namespace {

constexpr std::size_t kMostBytes = 1 << 20;

// Empty where there is none.
Result<std::string> text_of(const std::string& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return std::string();
    NYX_ASSIGN(Bytes bytes, read_file(path, kMostBytes));
    return std::string(as_text(bytes));
}

Result<StateLock> lock_at(const std::string& path) {
    NYX_ASSIGN(std::string text, text_of(path));
    auto lock = device::read_state_lock(text);
    if (!lock) return fail(std::move(lock.error()).in(path));
    return lock;
}

}  // namespace

std::string device_lock_path(const source::SourceFile& file) {
    const fs::path path(file.path);
    const fs::path shared = path.parent_path() / "state.lock";
    std::error_code error;
    if (file.is_stdlib || fs::exists(shared, error)) return shared.string();
    return (path.parent_path() / path.stem()).string() + ".devices.lock";
}

const device::LockedDevice* DeviceLocks::find(const ast::DeviceDecl& node) {
    const source::SourceFile& file = compilation_.sources.file(node.span.file);
    if (file.path.starts_with("<") || file.path.starts_with("package:")) return nullptr;
    const std::string path = device_lock_path(file);
    auto known = read_.find(path);
    if (known == read_.end()) {
        auto lock = lock_at(path);
        if (!lock) compilation_.sink.report(diagnostics::Code::kStateChanged, node.name.span, lock.error().message);
        known = read_.emplace(path, lock ? std::move(*lock) : StateLock{}).first;
    }
    const auto found = known->second.find(node.name.text);
    return found == known->second.end() ? nullptr : &found->second;
}

Result<std::string> device_lock_text(const Compilation& compilation, const Checked& checked, std::uint32_t file) {
    NYX_ASSIGN(StateLock lock, lock_at(device_lock_path(compilation.sources.file(file))));
    for (const device::CompiledDevice& device : checked.devices) {
        if (device.where.file != file || !device.program.script.name.empty()) continue;  // a class has no ids
        const auto before = lock.find(device.program.name);
        lock[device.program.name] = device::locked(device.program, before == lock.end() ? nullptr : &before->second);
    }
    return device::state_lock_text(lock);
}

Status write_device_locks(const Compilation& compilation, const Checked& checked) {
    std::set<std::uint32_t> files;
    for (const device::CompiledDevice& device : checked.devices)
        if (device.program.script.name.empty()) files.insert(device.where.file);
    for (const std::uint32_t file : files) {
        const source::SourceFile& source = compilation.sources.file(file);
        if (source.is_stdlib || source.path.starts_with("package:")) continue;
        NYX_ASSIGN(std::string text, device_lock_text(compilation, checked, file));
        NYX_ASSIGN(std::string before, text_of(device_lock_path(source)));
        if (text != before) NYX_TRY(write_file(device_lock_path(source), as_bytes(text)));
    }
    return {};
}

}  // namespace nyx::driver
