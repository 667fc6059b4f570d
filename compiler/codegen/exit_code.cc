#include "compiler/codegen/exit_code.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include <algorithm>

#include "compiler/codegen/dispatch_ir.h"
#include "runtime/base/check.h"
#include "runtime/plan/exit_abi.h"
#include "runtime/plan/programs.h"

namespace nyx::codegen {

namespace {

// A level of the psABI and no feature of the host: the bytes do not depend on the machine that built them.
constexpr const char* kTriple = "x86_64-unknown-linux-gnu";

// LLVM's name of a level.
std::string cpu_of(const std::string& level) {
    return level == plan::kCodeLevels[0] ? "x86-64" : level;
}

Result<std::unique_ptr<llvm::TargetMachine>> target_machine(const std::string& level) {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(kTriple, error);
    if (!target) return fail(ErrorCode::kUnsupported, "this LLVM cannot generate x86-64 code: {}", error);
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(kTriple, cpu_of(level), "", {}, llvm::Reloc::PIC_, llvm::CodeModel::Small));
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

// Devices that are described and whose lines fit a word.
Result<std::vector<PlacedDevice>> placed_devices(const ExitCodeInput& input) {
    std::vector<PlacedDevice> devices;
    for (std::uint32_t i = 0; i < input.plan.devices.size(); ++i) {
        const plan::DevicePlan& plan = input.plan.devices[i];
        auto program = std::ranges::find(input.programs, plan.type, &dev::ir::Program::name);
        if (program == input.programs.end() || program->lines.size() > dev::ir::kMaxNativeLines) continue;
        if (!program->script.name.empty()) continue;  // its class is run by the interpreter
        PlacedDevice device{&plan, i, {}};
        NYX_ASSIGN(device.program, plan::configured(plan, *program));
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<Built> build(const ExitCodeInput& input, const std::string& level) {
    Built built;
    NYX_ASSIGN(built.machine, target_machine(level));
    NYX_ASSIGN(const std::vector<PlacedDevice> devices, placed_devices(input));
    built.context = std::make_unique<llvm::LLVMContext>();
    built.module = dispatch_module(*built.context, input.plan, devices, input.hot);
    // The object may not ask for memset() and its like.
    for (llvm::Function& function : *built.module) function.addFnAttr("no-builtins");
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

}  // namespace

Result<Bytes> exit_object(const ExitCodeInput& input, const std::string& level) {
    NYX_ASSIGN(Built built, build(input, level));
    const std::string object = emit(built, llvm::CodeGenFileType::ObjectFile);
    return Bytes(object.begin(), object.end());
}

Result<std::map<std::string, Bytes>> exit_objects(const ExitCodeInput& input) {
    std::map<std::string, Bytes> objects;
    const Bytes* below = nullptr;
    for (const char* level : plan::kCodeLevels) {
        NYX_ASSIGN(Bytes object, exit_object(input, level));
        if (below != nullptr && object == *below) continue;
        below = &(objects[level] = std::move(object));
    }
    return objects;
}

Result<std::string> exit_assembly(const ExitCodeInput& input) {
    NYX_ASSIGN(Built built, build(input, plan::kCodeLevels[0]));
    return emit(built, llvm::CodeGenFileType::AssemblyFile);
}

Result<std::string> exit_ir(const ExitCodeInput& input) {
    NYX_ASSIGN(Built built, build(input, plan::kCodeLevels[0]));
    std::string text;
    llvm::raw_string_ostream stream(text);
    built.module->print(stream, nullptr);
    return stream.str();
}

}  // namespace nyx::codegen
