#include "compiler/codegen/device_access.h"

#include <set>

#include "compiler/codegen/access_function.h"
#include "devices/kit/pci.h"

namespace nyx::codegen {

namespace {

using dev::ir::Program;
using dev::ir::Register;

// The registers that hold a byte in one direction, in the order in which guards are asked.
std::vector<Meeting> at_byte(const Program& program, std::uint32_t bank, std::uint64_t offset, bool is_write) {
    std::vector<Meeting> found;
    for (std::uint32_t i = 0; i < program.registers.size(); ++i) {
        const Register& reg = program.registers[i];
        if (reg.bank != bank || offset < reg.offset || !(is_write ? reg.writable : reg.readable)) continue;
        const std::uint64_t inside = offset - reg.offset;
        if (inside / reg.stride >= reg.count || inside % reg.stride >= reg.width) continue;
        found.push_back({&reg, i, static_cast<std::uint32_t>(inside / reg.stride)});
    }
    return found;
}

// All of them begin at this byte, are of one width, and alone on every byte of it, so the guards cannot change what
// the access covers.
bool begin_here(const Program& program, const std::vector<Meeting>& found, std::uint64_t offset, bool is_write) {
    const Register& first = *found[0].reg;
    for (const Meeting& one : found) {
        if (one.reg->by_parts && found.size() > 1) return false;  // how guards share it out is the table's
        const bool begins = one.reg->offset + std::uint64_t{one.element} * one.reg->stride == offset;
        if (!begins || one.reg->width != first.width || one.reg->count > kMaxCodedElements) return false;
    }
    for (unsigned byte = 1; byte < first.width; ++byte) {
        if (at_byte(program, first.bank, offset + byte, is_write).size() != found.size()) return false;
    }
    return true;
}

std::vector<Meeting> meeting_at(const Program& program, std::uint32_t bank, std::uint64_t offset, bool is_write) {
    std::vector<Meeting> found = at_byte(program, bank, offset, is_write);
    const bool is_one = !found.empty() && begin_here(program, found, offset, is_write) &&
                        (program.banks[bank].widths & found[0].reg->width) != 0;
    return is_one ? found : std::vector<Meeting>{};
}

// Where an element of a register begins that may have code of its own, ascending.
std::set<std::uint64_t> coded_offsets(const Program& program, std::uint32_t bank) {
    std::set<std::uint64_t> offsets;
    for (const Register& reg : program.registers) {
        if (reg.bank != bank || reg.count > kMaxCodedElements) continue;
        for (std::uint32_t i = 0; i < reg.count; ++i) offsets.insert(reg.offset + std::uint64_t{i} * reg.stride);
    }
    return offsets;
}

}  // namespace

DeviceCode::DeviceCode(llvm::Module& module, const PlacedDevice& device)
    : placed_(device), device_{module, device.program, dev::described::layout_of(device.program), {}} {
    declare_functions();
    for (std::uint32_t i = 0; i < device.program.functions.size(); ++i) lower_function(device_, i);
}

void DeviceCode::declare_functions() {
    llvm::LLVMContext& context = device_.module.getContext();
    auto* number = llvm::Type::getInt64Ty(context);
    for (const dev::ir::Function& function : device_.program.functions) {
        std::vector<llvm::Type*> types(1u + function.parameters, number);
        types[0] = llvm::PointerType::getUnqual(context);
        auto* result = function.returns ? static_cast<llvm::Type*>(number) : llvm::Type::getVoidTy(context);
        auto* made =
            llvm::Function::Create(llvm::FunctionType::get(result, types, false), llvm::Function::InternalLinkage,
                                   placed_.plan->name + "." + function.name, device_.module);
        made->addFnAttr(llvm::Attribute::NoUnwind);
        device_.functions.push_back(made);
    }
}

std::vector<AccessCode> DeviceCode::accesses(dev::ir::Space space, bool is_write) const {
    std::vector<AccessCode> all;
    const Program& program = device_.program;
    std::uint32_t number = 0;  // of the bank among those of its space, which is how the plan has their ranges
    for (std::uint32_t bank = 0; bank < program.banks.size(); ++bank) {
        if (program.banks[bank].space != space) continue;
        const Range range = (space == dev::ir::Space::kPio ? placed_.plan->pio : placed_.plan->mmio)[number++];
        for (const std::uint64_t offset : coded_offsets(program, bank)) {
            const std::vector<Meeting> found = meeting_at(program, bank, offset, is_write);
            if (found.empty()) continue;
            // Elsewhere an access that is wider than its ports is cut up.
            const bool is_whole = offset + found[0].reg->width <= range.size;
            if (!is_whole && range.base != dev::kPciConfigAddress) continue;
            AccessCode one{range.base + offset, found[0].reg->width,
                           access_function(device_, placed_, {bank, offset, is_write}, found)};
            for (const Meeting& meeting : found) one.registers.push_back(meeting.number);
            all.push_back(std::move(one));
        }
    }
    return all;
}

}  // namespace nyx::codegen
