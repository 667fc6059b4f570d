#include "runtime/soft/jit/llvm/templates.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include "runtime/base/check.h"
#include "runtime/soft/jit/llvm/constants.h"
#include "runtime/soft/jit/llvm/copy_rules.h"
#include "runtime/soft/jit/llvm/markers.h"

extern "C" {
// From make_templates: the functions by number, and the bitcode that has their bodies.
extern void (*const nyx_soft_template_table[])();
extern const char nyx_soft_templates_start[], nyx_soft_templates_end[];
}

namespace nyx::soft {
namespace {

using llvm::CallBase;
using llvm::Function;
using llvm::Instruction;

constexpr unsigned kLargestCallee = 250, kLargestCopy = 600;  // instructions of LLVM's

std::vector<CallBase*> calls_in(Function& function) {
    std::vector<CallBase*> calls;
    for (Instruction& each : llvm::instructions(function))
        if (auto* call = llvm::dyn_cast<CallBase>(&each)) calls.push_back(call);
    return calls;
}

bool is_marker(const Function* function) {
    return function != nullptr && function->isDeclaration() && function->getName().starts_with("nyx_");
}

// Reads it where it has not been read yet.
bool has_body(Function& function) {
    NYX_CHECK(!function.materialize(), "the templates are ours");
    return !function.isDeclaration();
}

// What a region may still call: nothing that knows of the Cpu.
bool is_harmless(CallBase& call) {
    if (call.isInlineAsm()) return true;
    const Function* callee = call.getCalledFunction();
    return callee != nullptr && (callee->isIntrinsic() || is_marker(callee));
}

}  // namespace

Templates::Templates(const CpuLayout& layout) : layout_(layout) {
    llvm::StringRef bytes(nyx_soft_templates_start,
                          static_cast<std::size_t>(nyx_soft_templates_end - nyx_soft_templates_start));
    context_.setDiscardValueNames(true);
    // Of most instructions there is never a copy: their bodies are not even read.
    auto module = llvm::getLazyBitcodeModule(llvm::MemoryBufferRef(bytes, "templates"), context_);
    NYX_CHECK(static_cast<bool>(module), "the templates are ours");
    module_ = std::move(*module);
    llvm::PassBuilder().registerFunctionAnalyses(analyses_);
    passes_.addPass(llvm::EarlyCSEPass());
    passes_.addPass(llvm::SimplifyCFGPass());
    number_templates();
    make_markers();
}

void Templates::number_templates() {
    for (std::size_t i = 0; nyx_soft_template_table[i] != nullptr; ++i) {
        Function* function = module_->getFunction("nyx_soft_template_" + std::to_string(i));
        by_address_[reinterpret_cast<std::uint64_t>(nyx_soft_template_table[i])] = function;
    }
}

void Templates::make_markers() {
    auto* none = llvm::Type::getVoidTy(context_);
    auto* number = llvm::Type::getInt32Ty(context_);
    module_->getOrInsertFunction(kGoOn, none, number);
    module_->getOrInsertFunction(kGiveUp, none, number);
    module_->getOrInsertFunction(kJump, none, number, llvm::Type::getInt64Ty(context_));
}

llvm::GlobalVariable* Templates::constant_of(const Op& op) {
    llvm::ArrayRef<std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(&op), sizeof(op));
    auto* constant = llvm::ConstantDataArray::get(context_, bytes);
    return new llvm::GlobalVariable(*module_, constant->getType(), true, llvm::GlobalValue::PrivateLinkage, constant,
                                    "nyx_region_op");
}

Function* Templates::copy(Function& whole, llvm::GlobalVariable& op) {
    auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context_), {whole.getArg(0)->getType()}, false);
    Function* made = Function::Create(type, llvm::GlobalValue::InternalLinkage, "nyx_region_part", module_.get());
    llvm::ValueToValueMapTy map;
    map[whole.getArg(0)] = made->getArg(0);
    map[whole.getArg(1)] = &op;
    llvm::SmallVector<llvm::ReturnInst*, 4> returns;
    llvm::CloneAndPruneFunctionInto(made, &whole, map, false, returns);
    return made;
}

// By name, or a number that is the address of a kernel.
Function* Templates::callee_of(CallBase& call) const {
    if (Function* callee = call.getCalledFunction()) return callee;
    auto* cast = llvm::dyn_cast<llvm::ConstantExpr>(call.getCalledOperand());
    if (cast == nullptr || cast->getOpcode() != Instruction::IntToPtr) return nullptr;
    auto* address = llvm::dyn_cast<llvm::ConstantInt>(cast->getOperand(0));
    if (address == nullptr) return nullptr;
    auto found = by_address_.find(address->getZExtValue());
    return found == by_address_.end() ? nullptr : found->second;
}

// Takes the bodies of functions in. False: something remains that a region must not call.
bool Templates::resolve_calls(Function& function) {
    for (bool changed = true; changed;) {
        changed = false;
        for (CallBase* call : calls_in(function)) {
            if (is_harmless(*call)) continue;
            Function* callee = callee_of(*call);
            if (callee == nullptr || !has_body(*callee) || callee->getInstructionCount() > kLargestCallee) return false;
            call->setCalledFunction(callee);
            llvm::InlineFunctionInfo info;
            if (!llvm::InlineFunction(*call, info).isSuccess()) return false;
            changed = true;
            break;
        }
        if (function.getInstructionCount() > kLargestCopy) return false;
    }
    return true;
}

void Templates::simplify(Function& function) {
    passes_.run(function, analyses_);
    analyses_.clear(function, function.getName());
}

void Templates::replace_markers(Function& function, unsigned number) {
    auto* number_value = llvm::ConstantInt::get(llvm::Type::getInt32Ty(context_), number);
    for (CallBase* call : calls_in(function)) {
        const Function* callee = call->getCalledFunction();
        if (!is_marker(callee)) continue;
        llvm::StringRef name = callee->getName();
        const char* marker = name == "nyx_soft_go_on" ? kGoOn : name == "nyx_soft_jump" ? kJump : kGiveUp;
        llvm::SmallVector<llvm::Value*, 2> arguments{number_value};
        if (marker == kJump) arguments.push_back(call->getArgOperand(1));
        llvm::CallInst::Create(module_->getFunction(marker), arguments, "", call->getIterator());
        call->eraseFromParent();
    }
}

Function* Templates::specialise(const Op& op, CodeMode mode, unsigned number) {
    auto found = by_address_.find(reinterpret_cast<std::uint64_t>(op.run));
    if (found == by_address_.end() || !has_body(*found->second)) return nullptr;
    llvm::GlobalVariable* constant = constant_of(op);
    Function* made = copy(*found->second, *constant);
    bool is_good = resolve_calls(*made);
    if (is_good) {
        OpFields(*constant).fold(*made);
        split_choices(*made);
        fold_mode(*made, mode, layout_);
        replace_markers(*made, number);
        simplify(*made);
        constant->removeDeadConstantUsers();
        is_good = constant->use_empty() && is_allowed(*made, layout_) && gives_up_unchanged(*made);
    }
    if (!is_good) made->eraseFromParent();
    constant->removeDeadConstantUsers();
    constant->eraseFromParent();
    return is_good ? made : nullptr;
}

}  // namespace nyx::soft
