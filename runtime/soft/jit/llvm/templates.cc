#include "runtime/soft/jit/llvm/templates.h"

#include <llvm/Analysis/CFG.h>
#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Operator.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/InstSimplifyPass.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/check.h"

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

// What a region may still call: nothing that knows of the Cpu.
bool is_harmless(CallBase& call) {
    if (call.isInlineAsm()) return true;
    const Function* callee = call.getCalledFunction();
    return callee != nullptr && (callee->isIntrinsic() || is_marker(callee));
}

}  // namespace

std::optional<std::uint64_t> offset_in_cpu(const llvm::Value* pointer, const Function& function) {
    const llvm::DataLayout& layout = function.getParent()->getDataLayout();
    llvm::APInt offset(64, 0);
    const llvm::Value* base = pointer->stripAndAccumulateConstantOffsets(layout, offset, true);
    if (base != function.getArg(0)) return std::nullopt;
    return offset.getZExtValue();
}

Templates::Templates(const CpuLayout& layout) : layout_(layout) {
    llvm::StringRef bytes(nyx_soft_templates_start,
                          static_cast<std::size_t>(nyx_soft_templates_end - nyx_soft_templates_start));
    auto module = llvm::parseBitcodeFile(llvm::MemoryBufferRef(bytes, "templates"), context_);
    NYX_CHECK(static_cast<bool>(module), "the templates are ours");
    module_ = std::move(*module);
    llvm::PassBuilder().registerFunctionAnalyses(analyses_);
    passes_.addPass(llvm::EarlyCSEPass());
    passes_.addPass(llvm::SimplifyCFGPass());
    number_templates();
    refuse_slow_accesses();
    make_markers();
}

void Templates::number_templates() {
    for (std::size_t i = 0; nyx_soft_template_table[i] != nullptr; ++i) {
        Function* function = module_->getFunction("nyx_soft_template_" + std::to_string(i));
        by_address_[reinterpret_cast<std::uint64_t>(nyx_soft_template_table[i])] = function;
    }
}

// An access that cannot be done at once fails, and with it the instruction: see region.h.
void Templates::refuse_slow_accesses() {
    for (const char* name :
         {"_ZN3nyx4soft3Cpu9load_slowEmj", "_ZN3nyx4soft3Cpu10store_slowEmj", "_ZN3nyx4soft3Cpu4openEmj"}) {
        Function* slow = module_->getFunction(name);
        NYX_CHECK(slow != nullptr, "a slow way of Cpu has another name");
        for (llvm::User* user : llvm::make_early_inc_range(slow->users())) {
            auto* call = llvm::dyn_cast<llvm::CallInst>(user);
            if (call == nullptr || call->getCalledFunction() != slow) continue;
            call->replaceAllUsesWith(llvm::ConstantInt::getFalse(context_));
            call->eraseFromParent();
        }
    }
}

void Templates::make_markers() {
    auto* none = llvm::Type::getVoidTy(context_);
    auto* number = llvm::Type::getInt32Ty(context_);
    module_->getOrInsertFunction(kGoOn, none, number);
    module_->getOrInsertFunction(kGiveUp, none, number);
    module_->getOrInsertFunction(kJump, none, number, llvm::Type::getInt64Ty(context_));
}

Function* Templates::copy(Function& whole, const Op& op) {
    llvm::ArrayRef<std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(&op), sizeof(op));
    auto* constant = llvm::ConstantDataArray::get(context_, bytes);
    auto* global = new llvm::GlobalVariable(*module_, constant->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                            constant, "nyx_region_op");
    auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context_), {whole.getArg(0)->getType()}, false);
    Function* made = Function::Create(type, llvm::GlobalValue::InternalLinkage, "nyx_region_part", module_.get());
    llvm::ValueToValueMapTy map;
    map[whole.getArg(0)] = made->getArg(0);
    map[whole.getArg(1)] = global;
    llvm::SmallVector<llvm::ReturnInst*, 4> returns;
    llvm::CloneAndPruneFunctionInto(made, &whole, map, false, returns);
    op_ = global;
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
            if (callee == nullptr || callee->isDeclaration() || callee->getInstructionCount() > kLargestCallee)
                return false;
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

// What stands in the Op at an address, or offset, which is one of several: chosen in the same way, in front of
// `before`. Null: it is none of these.
llvm::Value* Templates::field_at(llvm::Value* place, llvm::Type* type, Instruction* before, std::uint64_t added,
                                 unsigned depth) {
    if (depth > 4) return nullptr;  // of a loop, most likely
    const llvm::DataLayout& layout = module_->getDataLayout();
    llvm::APInt offset(64, added);
    auto constant = [&] { return llvm::ConstantFoldLoadFromConst(op_->getInitializer(), type, offset, layout); };
    if (auto* number = llvm::dyn_cast<llvm::ConstantInt>(place)) {
        offset += number->getZExtValue();
        return constant();
    }
    if (place->getType()->isPointerTy()) {
        place = place->stripAndAccumulateConstantOffsets(layout, offset, true);
        if (place == op_) return constant();
        auto* gep = llvm::dyn_cast<llvm::GEPOperator>(place);
        if (gep != nullptr && gep->getPointerOperand() == op_ && gep->getNumIndices() == 1 &&
            gep->getSourceElementType()->isIntegerTy(8))
            return field_at(gep->getOperand(1), type, before, offset.getZExtValue(), depth + 1);
    }
    if (auto* select = llvm::dyn_cast<llvm::SelectInst>(place)) {
        llvm::Value* yes = field_at(select->getTrueValue(), type, before, offset.getZExtValue(), depth + 1);
        llvm::Value* no = field_at(select->getFalseValue(), type, before, offset.getZExtValue(), depth + 1);
        if (yes == nullptr || no == nullptr) return nullptr;
        return llvm::SelectInst::Create(select->getCondition(), yes, no, "", before->getIterator());
    }
    auto* phi = llvm::dyn_cast<llvm::PHINode>(place);
    if (phi == nullptr || phi->getParent() == &phi->getFunction()->getEntryBlock()) return nullptr;
    std::vector<llvm::Value*> values;
    for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
        Instruction* end = phi->getIncomingBlock(i)->getTerminator();
        values.push_back(field_at(phi->getIncomingValue(i), type, end, offset.getZExtValue(), depth + 1));
        if (values.back() == nullptr) return nullptr;
    }
    auto* made = llvm::PHINode::Create(type, phi->getNumIncomingValues(), "", phi->getIterator());
    for (unsigned i = 0; i < values.size(); ++i) made->addIncoming(values[i], phi->getIncomingBlock(i));
    return made;
}

// A compiler likes to make one load of two: of whichever field it is to be.
void Templates::fold_choices(Function& function) {
    for (Instruction& each : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (load == nullptr || offset_in_cpu(load->getPointerOperand(), function)) continue;
        llvm::Value* value = field_at(load->getPointerOperand(), load->getType(), load, 0);
        if (value == nullptr) continue;
        load->replaceAllUsesWith(value);
        load->eraseFromParent();
    }
}

// A load of one of two fields of the Cpu becomes two loads: where a field is must be known, see is_allowed().
void Templates::split_choices(Function& function) {
    for (Instruction& each : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (load == nullptr) continue;
        auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(load->getPointerOperand());
        const bool by_offset = gep != nullptr && gep->getNumIndices() == 1;
        auto* choice = llvm::dyn_cast<llvm::SelectInst>(by_offset ? gep->getOperand(1) : load->getPointerOperand());
        if (choice == nullptr) continue;
        llvm::IRBuilder<> at(load);
        auto load_of = [&](llvm::Value* chosen) -> llvm::Value* {
            if (by_offset) chosen = at.CreateGEP(gep->getSourceElementType(), gep->getPointerOperand(), chosen);
            return at.CreateLoad(load->getType(), chosen);
        };
        auto in_cpu = [&](llvm::Value* chosen) {
            return by_offset ? llvm::isa<llvm::ConstantInt>(chosen) && offset_in_cpu(gep->getPointerOperand(), function)
                             : offset_in_cpu(chosen, function).has_value();
        };
        if (!in_cpu(choice->getTrueValue()) || !in_cpu(choice->getFalseValue())) continue;
        llvm::Value* yes = load_of(choice->getTrueValue());
        load->replaceAllUsesWith(at.CreateSelect(choice->getCondition(), yes, load_of(choice->getFalseValue())));
        load->eraseFromParent();
        if (by_offset && gep->use_empty()) gep->eraseFromParent();
        if (choice->use_empty()) choice->eraseFromParent();
    }
}

void Templates::fold_mode(Function& function, CodeMode mode) {
    for (Instruction& each : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (load == nullptr || !load->getType()->isIntegerTy()) continue;
        auto at = offset_in_cpu(load->getPointerOperand(), function);
        if (!at || !layout_.mode.holds(*at)) continue;
        std::uint64_t value = 0;
        std::memcpy(&value, reinterpret_cast<const std::uint8_t*>(&mode) + (*at - layout_.mode.offset),
                    load->getType()->getIntegerBitWidth() / 8);
        load->replaceAllUsesWith(llvm::ConstantInt::get(load->getType(), value));
        load->eraseFromParent();
    }
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

// At a place that is computed, of one of the arrays that are in memory in a region as well.
bool Templates::is_in_array(const llvm::Value* pointer, const Function& function) const {
    const llvm::DataLayout& layout = module_->getDataLayout();
    llvm::APInt start(64, 0);
    while (auto* gep = llvm::dyn_cast<llvm::GEPOperator>(pointer)) {
        llvm::MapVector<llvm::Value*, llvm::APInt> variable;
        if (!gep->collectOffset(layout, 64, variable, start)) return false;
        pointer = gep->getPointerOperand();
    }
    const std::uint64_t at = start.getZExtValue();
    return pointer == function.getArg(0) && (layout_.vector.holds(at) || layout_.x87.holds(at));
}

// Only what region.h says may be changed; and nothing is looked at that has no meaning inside a region. A pointer to a
// general register or to the flags must not be passed on: they will live in registers.
bool Templates::is_allowed(Function& function) const {
    const CpuLayout& l = layout_;
    for (Instruction& each : llvm::instructions(function)) {
        const auto* store = llvm::dyn_cast<llvm::StoreInst>(&each);
        const auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        for (const llvm::Use& use : each.operands()) {
            if (!use->getType()->isPointerTy() || llvm::isa<llvm::GetElementPtrInst>(each)) continue;
            auto at = offset_in_cpu(use, function);
            const bool is_own = llvm::getUnderlyingObject(use) == function.getArg(0);
            if (!at && is_own && !is_in_array(use, function)) return false;
            if (!at) continue;
            const bool is_address = (load != nullptr) || (store != nullptr && use.getOperandNo() == 1);
            const bool in_registers = l.gpr.holds(*at) || l.flags.holds(*at);
            if (in_registers && !is_address) return false;
            if (load != nullptr &&
                (l.block.holds(*at) || l.counted_from.holds(*at) || l.instructions.holds(*at) || l.rip.holds(*at)))
                return false;
            if (load != nullptr) continue;
            const bool may_change = in_registers || l.vector.holds(*at) || l.x87.holds(*at) || l.scratch.holds(*at) ||
                                    l.slow.holds(*at) || l.stop.holds(*at) || l.exception.holds(*at);
            const auto* memory = llvm::dyn_cast<llvm::MemTransferInst>(&each);
            if (!may_change && !(memory != nullptr && use.getOperandNo() == 1)) return false;
        }
    }
    return true;
}

// An instruction that gives up is done again from its start, by the interpreter. One that has written to memory by then
// would read what it wrote (ENTER, whose frames may overlap).
bool Templates::gives_up_unchanged(Function& function) const {
    std::vector<const Instruction*> writes, ends;
    for (const Instruction& each : llvm::instructions(function)) {
        const auto* call = llvm::dyn_cast<CallBase>(&each);
        const Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
        if (callee != nullptr && callee->getName() == kGiveUp) ends.push_back(&each);
        const llvm::Value* to = nullptr;
        if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&each)) to = store->getPointerOperand();
        if (const auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&each)) to = memory->getDest();
        if (to == nullptr) continue;
        const llvm::Value* base = llvm::getUnderlyingObject(to, 0);
        if (base != function.getArg(0) && !llvm::isa<llvm::AllocaInst>(base)) writes.push_back(&each);
    }
    return std::ranges::none_of(writes, [&](const Instruction* write) {
        return std::ranges::any_of(ends,
                                   [&](const Instruction* end) { return llvm::isPotentiallyReachable(write, end); });
    });
}

Function* Templates::specialise(const Op& op, CodeMode mode, unsigned number) {
    auto found = by_address_.find(reinterpret_cast<std::uint64_t>(op.run));
    if (found == by_address_.end()) return nullptr;
    Function* made = copy(*found->second, op);
    bool is_good = resolve_calls(*made);
    if (is_good) {
        fold_choices(*made);
        split_choices(*made);
        fold_mode(*made, mode);
        replace_markers(*made, number);
        simplify(*made);
        op_->removeDeadConstantUsers();
        is_good = op_->use_empty() && is_allowed(*made) && gives_up_unchanged(*made);
    }
    if (!is_good) made->eraseFromParent();
    op_->removeDeadConstantUsers();
    op_->eraseFromParent();
    if (is_good) return made;
    return nullptr;
}

}  // namespace nyx::soft
