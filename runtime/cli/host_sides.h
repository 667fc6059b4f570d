// The host's sides of devices that are no stream of bytes, such as disks and networks: opened by the wiring, and kept
// for the length of a run.
//
// Opened before the machine, destroyed after it. Belongs to the main thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "devices/kit/block_store.h"
#include "devices/kit/network_link.h"
#include "runtime/base/guid.h"
#include "runtime/base/result.h"
#include "runtime/cli/run_machine.h"

namespace nyx::cli {

class HostSides {
  public:
    // Images whose path is relative are looked for in the bundle's folder.
    static Result<HostSides> open(const plan::Bundle& bundle, const RunOptions& options);
    vm::Blueprint::HostSides of(const std::string& device) const;

  private:
    Status open_disk(const plan::DevicePlan& device, const std::string& path, const RunOptions& options);

    Status open_files(const plan::DevicePlan& device, const plan::Bundle& bundle);
    Status read_generation(const plan::DevicePlan& device, const plan::HostWiring& wiring);
    Status open_network(const plan::DevicePlan& device, const plan::HostWiring& wiring, const RunOptions& options);

    std::map<std::string, std::unique_ptr<dev::BlockStore>> disks_;
    std::map<std::string, std::unique_ptr<dev::NetworkLink>> networks_;
    std::map<std::string, Guid> generations_;
    std::map<std::string, plan::Image> files_;  // those in the bundle, which outlives this
};

}  // namespace nyx::cli
