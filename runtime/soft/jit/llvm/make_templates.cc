// At build time: from the bitcode of the interpreter's sources to
//
//   the templates: every function with its body, under a name of its own, for the compiler of regions to copy; and
//   the native part: decode(), and a table of the functions that an Op or a vector instruction may point to, so that
//   the compiler knows which template a decoded instruction means. These functions have addresses there but no bodies.
//
// usage: make_templates TEMPLATES.bc NATIVE.bc INPUT.bc...
#include <llvm/ADT/STLExtras.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>
#include <llvm/IRReader/IRReader.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/IPO/Internalize.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

#include <memory>
#include <string>
#include <vector>

namespace {

constexpr const char* kTable = "nyx_soft_template_table";

[[noreturn]] void give_up(const llvm::Twine& why) {
    llvm::errs() << "make_templates: " << why << "\n";
    std::exit(1);
}

std::unique_ptr<llvm::Module> link_all(llvm::LLVMContext& context, int argc, char** argv) {
    auto whole = std::make_unique<llvm::Module>("templates", context);
    llvm::Linker linker(*whole);
    for (int i = 3; i < argc; ++i) {
        llvm::SMDiagnostic problem;
        auto one = llvm::parseIRFile(argv[i], problem, context);
        if (!one) give_up(llvm::Twine(argv[i]) + ": " + problem.getMessage());
        if (linker.linkInModule(std::move(one))) give_up(argv[i]);
    }
    return whole;
}

// void(Cpu&, const Op*), or a kernel of exec/vector.
bool is_template(const llvm::Function& function) {
    const llvm::FunctionType* type = function.getFunctionType();
    if (function.isDeclaration() || !function.hasAddressTaken() || !type->getReturnType()->isVoidTy()) return false;
    auto is_pointer = [&](unsigned i) { return type->getParamType(i)->isPointerTy(); };
    if (type->getNumParams() == 2) return is_pointer(0) && is_pointer(1);
    return type->getNumParams() == 4 && is_pointer(0) && is_pointer(1) && is_pointer(2) &&
           type->getParamType(3)->isIntegerTy(64);
}

// Names that stay what they are when only one of the two outputs is looked at.
std::vector<std::string> name_templates(llvm::Module& module) {
    std::vector<std::string> names;
    for (llvm::Function& function : module) {
        if (!is_template(function)) continue;
        function.setName("nyx_soft_template_" + std::to_string(names.size()));
        function.setLinkage(llvm::GlobalValue::ExternalLinkage);
        function.setVisibility(llvm::GlobalValue::HiddenVisibility);
        function.setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::None);
        function.setComdat(nullptr);
        names.push_back(function.getName().str());
    }
    return names;
}

// An access that cannot be done at once fails, and with it the instruction: see region.h.
void refuse_slow_accesses(llvm::Module& module) {
    for (const char* name : {"_ZN3nyx4soft3Cpu9load_slowEmj", "_ZN3nyx4soft3Cpu10store_slowEmj",
                             "_ZN3nyx4soft3Cpu4openEmj", "_ZN3nyx4soft3Cpu11open_lockedEmj"}) {
        llvm::Function* slow = module.getFunction(name);
        if (slow == nullptr) give_up("a slow way of Cpu has another name");
        for (llvm::User* user : llvm::make_early_inc_range(slow->users())) {
            auto* call = llvm::dyn_cast<llvm::CallInst>(user);
            if (call == nullptr || call->getCalledFunction() != slow) continue;
            call->replaceAllUsesWith(llvm::ConstantInt::getFalse(module.getContext()));
            call->eraseFromParent();
        }
    }
}

// What is copied for every instruction is to be as little as it can. How likely a branch is stays known.
void simplify(llvm::Module& module) {
    llvm::FunctionAnalysisManager analyses;
    llvm::PassBuilder().registerFunctionAnalyses(analyses);
    llvm::FunctionPassManager passes;
    passes.addPass(llvm::EarlyCSEPass());
    passes.addPass(llvm::SimplifyCFGPass());
    passes.addPass(llvm::ADCEPass());
    llvm::StripDebugInfo(module);
    for (llvm::Function& function : module) {
        if (function.isDeclaration()) continue;
        passes.run(function, analyses);
        analyses.clear(function, function.getName());
        for (llvm::Instruction& each : llvm::instructions(function))
            each.dropUnknownNonDebugMetadata({llvm::LLVMContext::MD_prof});
    }
}

void write(const llvm::Module& module, const char* path) {
    std::error_code error;
    llvm::raw_fd_ostream out(path, error);
    if (error) give_up(llvm::Twine(path) + ": " + error.message());
    llvm::WriteBitcodeToFile(module, out);
}

// Each a function that does nothing, at an address of its own.
void empty(llvm::Function& function) {
    function.deleteBody();
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.setAttributes({});
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(function.getContext(), "", &function));
    builder.CreateRetVoid();
}

void add_table(llvm::Module& module, const std::vector<std::string>& names) {
    std::vector<llvm::Constant*> entries;
    for (const std::string& name : names) entries.push_back(module.getFunction(name));
    entries.push_back(llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(module.getContext())));
    auto* type = llvm::ArrayType::get(entries.front()->getType(), entries.size());
    new llvm::GlobalVariable(module, type, true, llvm::GlobalValue::ExternalLinkage,
                             llvm::ConstantArray::get(type, entries), kTable);
}

bool is_root(const llvm::GlobalValue& value) {
    llvm::StringRef name = value.getName();
    return name == kTable || name.starts_with("_ZN3nyx4soft6decodeE") ||
           name.starts_with("_ZN3nyx4soft12end_of_blockE") || name.contains("CpuLayout13of_this_build");
}

void drop_unused(llvm::Module& module) {
    llvm::internalizeModule(module, is_root);
    llvm::ModuleAnalysisManager analyses;
    llvm::PassBuilder().registerModuleAnalyses(analyses);
    llvm::GlobalDCEPass().run(module, analyses);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) give_up("usage: make_templates TEMPLATES.bc NATIVE.bc INPUT.bc...");
    llvm::LLVMContext context;
    context.setDiscardValueNames(true);
    auto module = link_all(context, argc, argv);
    const std::vector<std::string> names = name_templates(*module);
    refuse_slow_accesses(*module);
    simplify(*module);
    write(*module, argv[1]);
    for (const std::string& name : names) empty(*module->getFunction(name));
    add_table(*module, names);
    drop_unused(*module);
    write(*module, argv[2]);
    return 0;
}
