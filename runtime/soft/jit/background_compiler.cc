#include "runtime/soft/jit/background_compiler.h"

#include <dlfcn.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "runtime/soft/jit/plugin.h"

namespace nyx::soft {

std::filesystem::path region_library() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    return program.parent_path().parent_path() / NYX_SOFT_LLVM_FOLDER / "libnyx_soft_llvm.so";
}

Result<std::unique_ptr<RegionCompiler>> load_region_compiler(const std::filesystem::path& library) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return fail(ErrorCode::kNotFound, "cannot load {}: {}", library.string(), ::dlerror());
    auto* make = reinterpret_cast<decltype(&nyx_soft_make_compiler)>(::dlsym(handle, "nyx_soft_make_compiler"));
    RegionCompiler* made = make == nullptr ? nullptr : make(CpuLayout::of_this_build());
    if (made == nullptr) return fail(ErrorCode::kUnsupported, "{} is of another build", library.string());
    return std::unique_ptr<RegionCompiler>(made);
}

BackgroundCompiler::BackgroundCompiler(std::function<std::unique_ptr<RegionCompiler>()> make, Asker asker)
    : asker_(asker), thread_([this, make = std::move(make)] { work(make); }) {}

BackgroundCompiler::~BackgroundCompiler() {
    {
        std::lock_guard guard(mutex_);
        ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

bool BackgroundCompiler::ask(std::unique_ptr<RegionRequest>& request, const std::shared_ptr<RegionInbox>& answer) {
    std::unique_lock lock(mutex_);
    if (jobs_.size() == kMostWaiting) return false;
    jobs_.push_back({std::move(request), answer});
    const std::uint64_t mine = ++asked_;
    changed_.notify_one();
    if (asker_ == Asker::kWaits) answered_.wait(lock, [&] { return done_ >= mine; });
    return true;
}

std::optional<BackgroundCompiler::Job> BackgroundCompiler::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (ends_) return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
}

void BackgroundCompiler::work(const std::function<std::unique_ptr<RegionCompiler>()>& make) {
    // The guest goes first: on a host without an idle processor it is faster interpreted than waiting for this.
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
    std::unique_ptr<RegionCompiler> compiler;
    bool is_made = false;
    while (std::optional<Job> job = next()) {
        std::optional<Region> region;
        if (!std::exchange(is_made, true)) compiler = make();
        if (compiler != nullptr) region = compiler->compile(*job->request);
        job->answer->put({std::move(job->request), std::move(region)});
        {
            std::lock_guard guard(mutex_);
            ++done_;
        }
        answered_.notify_all();
    }
}

}  // namespace nyx::soft
