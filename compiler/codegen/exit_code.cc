#include "compiler/codegen/exit_code.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include "compiler/codegen/dispatch_ir.h"
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

Result<Built> build(const plan::MachinePlan& plan) {
    Built built;
    NYX_ASSIGN(built.machine, target_machine());
    built.context = std::make_unique<llvm::LLVMContext>();
    built.module = dispatch_module(*built.context, plan);
    built.module->setTargetTriple(kTriple);
    built.module->setDataLayout(built.machine->createDataLayout());
    std::string problems;
    llvm::raw_string_ostream stream(problems);
    bool broken = llvm::verifyModule(*built.module, &stream);
    NYX_CHECK(!broken, "the generated module is not valid: {}", stream.str());
    optimise(*built.module, *built.machine);
    return built;
}

Result<std::string> emit(const plan::MachinePlan& plan, llvm::CodeGenFileType type) {
    NYX_ASSIGN(Built built, build(plan));
    llvm::SmallVector<char, 0> buffer;
    llvm::raw_svector_ostream stream(buffer);
    llvm::legacy::PassManager passes;
    bool refused = built.machine->addPassesToEmitFile(passes, stream, nullptr, type);
    NYX_CHECK(!refused, "LLVM cannot emit this kind of file");
    passes.run(*built.module);
    return std::string(buffer.begin(), buffer.end());
}

}  // namespace

Result<Bytes> exit_object(const plan::MachinePlan& plan) {
    NYX_ASSIGN(std::string object, emit(plan, llvm::CodeGenFileType::ObjectFile));
    return Bytes(object.begin(), object.end());
}

Result<std::string> exit_assembly(const plan::MachinePlan& plan) {
    return emit(plan, llvm::CodeGenFileType::AssemblyFile);
}

Result<std::string> exit_ir(const plan::MachinePlan& plan) {
    NYX_ASSIGN(Built built, build(plan));
    std::string text;
    llvm::raw_string_ostream stream(text);
    built.module->print(stream, nullptr);
    return stream.str();
}

}  // namespace nyx::codegen
