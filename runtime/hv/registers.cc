#include "runtime/hv/registers.h"

namespace nyx::hv {

const char* activity_name(Activity activity) {
    switch (activity) {
        case Activity::kRunnable:
            return "running";
        case Activity::kUninitialized:
            return "waiting for its start (INIT)";
        case Activity::kInitReceived:
            return "waiting for its start (SIPI)";
        case Activity::kHalted:
            return "halted";
        case Activity::kSipiReceived:
            return "starting";
        case Activity::kOther:
            return "in an unknown state";
    }
    return "";
}

}  // namespace nyx::hv
