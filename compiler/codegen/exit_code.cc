#include "compiler/codegen/exit_code.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include "compiler/codegen/device_ir.h"
#include "compiler/codegen/dispatch_ir.h"
#include "devices/ir/native_abi.h"
#include "runtime/base/check.h"

namespace nyx::codegen {

namespace {

// Baseline and no host feature: the bundle runs on any x86-64, and the bytes do not depend on the machine that built
// it.
constexpr const char* kTriple = "x86_64-unknown-linux-gnu";
constexpr const char* kCpu = "x86-64";

Result<std::unique_ptr<llvm::TargetMachine>> target_machine() {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(kTriple, error);
    if (!target) return fail(ErrorCode::kUnsupported, "this LLVM cannot generate x86-64 code: {}", error);
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(kTriple, kCpu, "", {}, llvm::Reloc::PIC_, llvm::CodeModel::Small));
}

void optimise(llvm::Module& module, llvm::TargetMachine& machine) {
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager components;
    llvm::ModuleAnalysisManager modules;
    llvm::PassBuilder builder(&machine);
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, components, modules);
    builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

// The optimised module of a plan, with the machine it is for.
struct Built {
    std::unique_ptr<llvm::LLVMContext> context;
    std::unique_ptr<llvm::TargetMachine> machine;
    std::unique_ptr<llvm::Module> module;
};

// make(context) gives the module.
template <class Make>
Result<Built> build(Make make) {
    Built built;
    NYX_ASSIGN(built.machine, target_machine());
    built.context = std::make_unique<llvm::LLVMContext>();
    built.module = make(*built.context);
    built.module->setTargetTriple(kTriple);
    built.module->setDataLayout(built.machine->createDataLayout());
    std::string problems;
    llvm::raw_string_ostream stream(problems);
    bool broken = llvm::verifyModule(*built.module, &stream);
    NYX_CHECK(!broken, "the generated module is not valid: {}", stream.str());
    optimise(*built.module, *built.machine);
    return built;
}

std::string emit(Built& built, llvm::CodeGenFileType type) {
    llvm::SmallVector<char, 0> buffer;
    llvm::raw_svector_ostream stream(buffer);
    llvm::legacy::PassManager passes;
    bool refused = built.machine->addPassesToEmitFile(passes, stream, nullptr, type);
    NYX_CHECK(!refused, "LLVM cannot emit this kind of file");
    passes.run(*built.module);
    return std::string(buffer.begin(), buffer.end());
}

Result<Built> build_dispatch(const plan::MachinePlan& plan) {
    return build([&](llvm::LLVMContext& context) { return dispatch_module(context, plan); });
}

Result<Bytes> object_of(Built& built) {
    const std::string object = emit(built, llvm::CodeGenFileType::ObjectFile);
    return Bytes(object.begin(), object.end());
}

}  // namespace

Result<Bytes> exit_object(const plan::MachinePlan& plan) {
    NYX_ASSIGN(Built built, build_dispatch(plan));
    return object_of(built);
}

Result<std::string> exit_assembly(const plan::MachinePlan& plan) {
    NYX_ASSIGN(Built built, build_dispatch(plan));
    return emit(built, llvm::CodeGenFileType::AssemblyFile);
}

Result<std::string> exit_ir(const plan::MachinePlan& plan) {
    NYX_ASSIGN(Built built, build_dispatch(plan));
    std::string text;
    llvm::raw_string_ostream stream(text);
    built.module->print(stream, nullptr);
    return stream.str();
}

Result<Bytes> device_object(const dev::ir::Program& program) {
    if (program.lines.size() > dev::ir::kMaxNativeLines)
        return fail(ErrorCode::kUnsupported, "device {} has {} lines", program.name, program.lines.size());
    NYX_ASSIGN(Built built, build([&](llvm::LLVMContext& context) { return device_module(context, program); }));
    return object_of(built);
}

}  // namespace nyx::codegen
