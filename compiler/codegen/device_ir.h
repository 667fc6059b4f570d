// A device program as an LLVM module: what dev::ir::NativeCode promises (devices/ir/native_abi.h).
//
// Every access that is exactly one register, whatever the guards say, becomes straight code behind one switch; the rest
// goes to the host. The program has been verified and has at most kMaxNativeLines lines.
#pragma once

#include <memory>
#include <string>

#include "devices/ir/program.h"

namespace llvm {
class LLVMContext;
class Module;
}  // namespace llvm

namespace nyx::codegen {

std::unique_ptr<llvm::Module> device_module(llvm::LLVMContext& context, const dev::ir::Program& program);
// Names of its two functions.
std::string device_read_symbol(const dev::ir::Program& program);
std::string device_write_symbol(const dev::ir::Program& program);

}  // namespace nyx::codegen
