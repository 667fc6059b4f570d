#include "runtime/jit/linked_object.h"

#include <llvm/ExecutionEngine/JITLink/ELF_x86_64.h>
#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h>
#include <llvm/Support/Process.h>

#include <functional>
#include <map>

namespace nyx::jit {

namespace {

using llvm::jitlink::InProcessMemoryManager;
using llvm::jitlink::JITLinkMemoryManager;
using llvm::jitlink::LinkGraph;

using Symbols = std::map<std::string, std::uint64_t>;

// One link: nothing from outside may be asked for, and the functions are noted on the way.
class Context : public llvm::jitlink::JITLinkContext {
  public:
    Context(JITLinkMemoryManager& memory, std::function<void(llvm::Error)> failed, Symbols& symbols,
            std::function<void(JITLinkMemoryManager::FinalizedAlloc)> finalized)
        : JITLinkContext(nullptr),
          memory_(memory),
          failed_(std::move(failed)),
          symbols_(symbols),
          finalized_(std::move(finalized)) {}

    JITLinkMemoryManager& getMemoryManager() override { return memory_; }
    void notifyFailed(llvm::Error error) override { failed_(std::move(error)); }
    void lookup(const LookupMap& symbols,
                std::unique_ptr<llvm::jitlink::JITLinkAsyncLookupContinuation> done) override {
        if (symbols.empty()) return done->run(llvm::jitlink::AsyncLookupResult());
        done->run(llvm::make_error<llvm::jitlink::JITLinkError>("exit code may not refer to " +
                                                                symbols.begin()->first.str()));
    }
    llvm::Error notifyResolved(LinkGraph& graph) override {
        for (auto* symbol : graph.defined_symbols()) {
            if (symbol->hasName()) symbols_[symbol->getName().str()] = symbol->getAddress().getValue();
        }
        return llvm::Error::success();
    }
    void notifyFinalized(JITLinkMemoryManager::FinalizedAlloc allocation) override {
        finalized_(std::move(allocation));
    }

  private:
    JITLinkMemoryManager& memory_;
    std::function<void(llvm::Error)> failed_;
    Symbols& symbols_;
    std::function<void(JITLinkMemoryManager::FinalizedAlloc)> finalized_;
};

class Linked : public LinkedObject {
  public:
    Linked() : memory_(llvm::sys::Process::getPageSizeEstimate()) {}
    Linked(const Linked&) = delete;
    Linked& operator=(const Linked&) = delete;
    ~Linked() override {
        if (allocation_) llvm::consumeError(memory_.deallocate(std::move(allocation_)));
    }

    Status load(ByteView object) {
        llvm::StringRef text(reinterpret_cast<const char*>(object.data()), object.size());
        auto graph = llvm::jitlink::createLinkGraphFromELFObject_x86_64(llvm::MemoryBufferRef(text, "exit code"));
        if (!graph) return refuse(graph.takeError());
        std::string problem;
        auto failed = [&](llvm::Error error) { problem = llvm::toString(std::move(error)); };
        auto finalized = [&](JITLinkMemoryManager::FinalizedAlloc allocation) { allocation_ = std::move(allocation); };
        llvm::jitlink::link_ELF_x86_64(std::move(*graph),
                                       std::make_unique<Context>(memory_, failed, symbols_, finalized));
        if (!problem.empty()) return fail(ErrorCode::kCorrupt, "the bundle's exit code cannot be linked: {}", problem);
        return {};
    }

  private:
    static Status refuse(llvm::Error error) {
        return fail(ErrorCode::kCorrupt, "the bundle's exit code is not a usable object: {}",
                    llvm::toString(std::move(error)));
    }

    std::uint64_t address_of(const std::string& name) const override {
        auto found = symbols_.find(name);
        return found == symbols_.end() ? 0 : found->second;
    }

    InProcessMemoryManager memory_;
    JITLinkMemoryManager::FinalizedAlloc allocation_;
    Symbols symbols_;
};

// The object is checked before LLVM reads it: JITLink is written for objects that a compiler made.
Status looks_like_object(ByteView object) {
    static constexpr std::uint8_t kElf64Le[] = {0x7F, 'E', 'L', 'F', 2, 1, 1};
    bool elf = object.size() >= 64 && std::equal(std::begin(kElf64Le), std::end(kElf64Le), object.begin());
    if (!elf || load_le<std::uint16_t>(&object[16]) != 1 || load_le<std::uint16_t>(&object[18]) != 62) {
        return fail(ErrorCode::kCorrupt, "the bundle's exit code is not a relocatable x86-64 ELF file");
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<LinkedObject>> LinkedObject::link(ByteView object) {
    NYX_TRY(looks_like_object(object));
    auto linked = std::make_unique<Linked>();
    NYX_TRY(linked->load(object));
    return std::unique_ptr<LinkedObject>(std::move(linked));
}

}  // namespace nyx::jit
