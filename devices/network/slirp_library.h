// libslirp's functions, loaded when the first machine wants them: it brings GLib along, which no other machine should
// carry.
#pragma once

#include <slirp/libslirp.h>

#include "runtime/base/result.h"

namespace nyx::dev {

struct SlirpLibrary {
    decltype(&slirp_new) make = nullptr;
    decltype(&slirp_cleanup) cleanup = nullptr;
    decltype(&slirp_input) input = nullptr;
    decltype(&slirp_pollfds_fill) pollfds_fill = nullptr;
    decltype(&slirp_pollfds_poll) pollfds_poll = nullptr;
    decltype(&slirp_add_hostfwd) add_hostfwd = nullptr;

    // Stays loaded. kUnsupported names the package that is missing.
    static Result<const SlirpLibrary*> load();
};

}  // namespace nyx::dev
