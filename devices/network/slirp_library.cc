#include "devices/network/slirp_library.h"

#include <dlfcn.h>

namespace nyx::dev {
namespace {

template <class Function>
void find(void* library, const char* name, Function& function, bool& complete) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    complete = complete && function != nullptr;
}

Result<SlirpLibrary> load_now() {
    void* library = ::dlopen("libslirp.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return fail(Error{ErrorCode::kUnsupported, "the user-mode network needs libslirp, which cannot be loaded here",
                          "install Debian's package libslirp0, or use `network = tap(…)`"});
    SlirpLibrary all;
    bool complete = true;
    find(library, "slirp_new", all.make, complete);
    find(library, "slirp_cleanup", all.cleanup, complete);
    find(library, "slirp_input", all.input, complete);
    find(library, "slirp_pollfds_fill", all.pollfds_fill, complete);
    find(library, "slirp_pollfds_poll", all.pollfds_poll, complete);
    find(library, "slirp_add_hostfwd", all.add_hostfwd, complete);
    if (!complete)
        return fail(ErrorCode::kUnsupported, "this libslirp lacks functions that the user-mode network needs");
    return all;
}

}  // namespace

Result<const SlirpLibrary*> SlirpLibrary::load() {
    static const Result<SlirpLibrary> kLibrary = load_now();
    if (!kLibrary) return fail(Error(kLibrary.error()));
    return &*kLibrary;
}

}  // namespace nyx::dev
