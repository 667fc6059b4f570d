#include "runtime/kvm/exit.h"

#include <doctest/doctest.h>

#include <cstring>

#include "runtime/kvm/linux_kvm.h"

using namespace nyx::kvm;

namespace {

// A kvm_run page as the kernel fills it.
struct Page {
    alignas(8) std::uint8_t bytes[12288] = {};
    kvm_run& run() { return *reinterpret_cast<kvm_run*>(bytes); }
    Exit parse() { return parse_exit(run(), sizeof bytes); }
};

}  // namespace

TEST_CASE("string output is parsed with a view of its data") {
    Page page;
    page.run().exit_reason = KVM_EXIT_IO;
    page.run().io.direction = KVM_EXIT_IO_OUT;
    page.run().io.size = 2;
    page.run().io.count = 3;
    page.run().io.port = 0x1F0;
    page.run().io.data_offset = 4096;
    std::memcpy(page.bytes + 4096, "abcdef", 6);
    Exit exit = page.parse();
    const auto& io = std::get<IoExit>(exit);
    CHECK(io.is_write);
    CHECK(io.port == 0x1F0);
    CHECK(io.width == 2);
    CHECK(io.count == 3);
    REQUIRE(io.data.size() == 6);
    CHECK(std::memcmp(io.data.data(), "abcdef", 6) == 0);
}

TEST_CASE("I/O that does not fit its page is not believed") {
    Page page;
    page.run().exit_reason = KVM_EXIT_IO;
    page.run().io.size = 4;
    page.run().io.count = 2048;
    page.run().io.data_offset = 4097;
    CHECK(std::holds_alternative<UnknownExit>(page.parse()));
    page.run().io.data_offset = ~0ull;
    CHECK(std::holds_alternative<UnknownExit>(page.parse()));
    page.run().io.data_offset = 4096;
    CHECK(std::holds_alternative<IoExit>(page.parse()));
    page.run().io.size = 3;
    CHECK(std::holds_alternative<UnknownExit>(page.parse()));
    page.run().io.size = 1;
    page.run().io.count = 0;
    CHECK(std::holds_alternative<UnknownExit>(page.parse()));
}

TEST_CASE("memory accesses are 1 to 8 bytes") {
    Page page;
    page.run().exit_reason = KVM_EXIT_MMIO;
    page.run().mmio.phys_addr = 0xFED00000;
    page.run().mmio.is_write = 1;
    page.run().mmio.len = 3;
    Exit exit = page.parse();
    CHECK(std::get<MmioExit>(exit).data.size() == 3);
    CHECK(std::get<MmioExit>(exit).is_write);
    page.run().mmio.len = 9;
    CHECK(std::holds_alternative<UnknownExit>(page.parse()));
    page.run().mmio.len = 0;
    CHECK(std::holds_alternative<UnknownExit>(page.parse()));
}

TEST_CASE("an emulation failure carries its instruction, never more than there can be") {
    Page page;
    page.run().exit_reason = KVM_EXIT_INTERNAL_ERROR;
    page.run().emulation_failure.suberror = KVM_INTERNAL_ERROR_EMULATION;
    page.run().emulation_failure.ndata = 4;
    page.run().emulation_failure.flags = KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES;
    page.run().emulation_failure.insn_size = 200;
    page.run().emulation_failure.insn_bytes[0] = 0xDB;
    Exit exit = page.parse();
    const auto& error = std::get<InternalErrorExit>(exit);
    CHECK(error.suberror == InternalErrorExit::kEmulation);
    REQUIRE(error.instruction.size() == 15);
    CHECK(error.instruction[0] == 0xDB);
    page.run().internal.ndata = 1000;
    exit = page.parse();
    CHECK(std::get<InternalErrorExit>(exit).data.size() == 16);
    page.run().internal.ndata = 0;
    exit = page.parse();
    CHECK(std::get<InternalErrorExit>(exit).instruction.empty());
}

TEST_CASE("every other reason has its alternative") {
    Page page;
    auto name_of = [&](std::uint32_t reason) {
        page.run().exit_reason = reason;
        return std::string(exit_name(page.parse()));
    };
    CHECK(name_of(KVM_EXIT_HLT) == "halt");
    CHECK(name_of(KVM_EXIT_SHUTDOWN) == "shutdown");
    CHECK(name_of(KVM_EXIT_SYSTEM_EVENT) == "system-event");
    CHECK(name_of(KVM_EXIT_FAIL_ENTRY) == "fail-entry");
    CHECK(name_of(KVM_EXIT_INTR) == "interrupted");
    CHECK(name_of(KVM_EXIT_IRQ_WINDOW_OPEN) == "irq-window");
    CHECK(name_of(KVM_EXIT_X86_RDMSR) == "msr");
    CHECK(name_of(KVM_EXIT_X86_WRMSR) == "msr");
    CHECK(name_of(KVM_EXIT_DEBUG) == "debug");
    CHECK(name_of(KVM_EXIT_HYPERCALL) == "hypercall");
    CHECK(name_of(KVM_EXIT_UNKNOWN) == "unknown");
    CHECK(name_of(12345) == "unknown");
    page.run().exit_reason = KVM_EXIT_X86_WRMSR;
    page.run().msr.index = 0x1A0;
    Exit exit = page.parse();
    CHECK(std::get<MsrExit>(exit).is_write);
    *std::get<MsrExit>(exit).error = 1;
    CHECK(page.run().msr.error == 1);
}
