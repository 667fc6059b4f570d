// Regions made by a thread of their own, one for all CPUs of a VM, with the library that has the compiler.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "runtime/base/result.h"
#include "runtime/soft/regions.h"

namespace nyx::soft {

// A compiler from nyx_soft_llvm, the library of this build. It stays loaded.
Result<std::unique_ptr<RegionCompiler>> load_region_compiler(const std::filesystem::path& library);
// Where it is installed, or built: beside the program's folder.
std::filesystem::path region_library();

class BackgroundCompiler final : public RegionSource {
  public:
    // Whether who asks goes on meanwhile, or waits for the answer.
    enum class Asker { kGoesOn, kWaits };
    // `make` runs on the new thread, when there is something to compile for the first time.
    explicit BackgroundCompiler(std::function<std::unique_ptr<RegionCompiler>()> make, Asker asker = Asker::kGoesOn);
    ~BackgroundCompiler() override;
    BackgroundCompiler(const BackgroundCompiler&) = delete;
    BackgroundCompiler& operator=(const BackgroundCompiler&) = delete;

    bool ask(std::unique_ptr<RegionRequest>& request, const std::shared_ptr<RegionInbox>& answer) override;

  private:
    static constexpr std::size_t kMostWaiting = 64;
    static constexpr int kNiceness = 10;
    struct Job {
        std::unique_ptr<RegionRequest> request;
        std::shared_ptr<RegionInbox> answer;
    };
    void work(const std::function<std::unique_ptr<RegionCompiler>()>& make);
    std::optional<Job> next();

    const Asker asker_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable answered_;
    std::deque<Job> jobs_;
    std::uint64_t asked_ = 0;
    std::uint64_t done_ = 0;
    bool ends_ = false;
    std::thread thread_;  // the last member: it uses the others
};

}  // namespace nyx::soft
