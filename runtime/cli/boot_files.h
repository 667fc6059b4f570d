// What a machine is made from: the files of its bundle, as a blueprint without the host's ends of its devices.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "runtime/boot/boot.h"
#include "runtime/machine/blueprint.h"
#include "runtime/plan/bundle.h"
#include "runtime/script/program.h"

namespace nyx::cli {

// The bundle's files, open for the length of the run: a reset reads them again.
struct BootFiles {
    std::optional<plan::Image> kernel;
    std::optional<plan::Image> initrd;
    std::map<std::string, ByteView> tables;
    const plan::Bundle* bundle = nullptr;
    std::optional<script::Program> script;  // where a device is a class of it

    static Result<BootFiles> open(const plan::Bundle& bundle);
    boot::Images images() const {
        boot::Images images;
        images.image = kernel->bytes();
        if (initrd) images.initrd = initrd->bytes();
        return images;
    }
    // The guest has its copy; until a reset nobody looks at these.
    void release_pages() const {
        bundle->release_pages();
        kernel->release_pages();
        if (initrd) initrd->release_pages();
    }
};

// plan and files outlive the machine. The devices' output is for the caller to add.
Result<vm::Blueprint> blueprint_of(const plan::MachinePlan& plan, const BootFiles& files);

}  // namespace nyx::cli
