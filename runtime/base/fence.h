// A full barrier: what this thread has stored is seen by others before it loads anything that follows. Needed where a
// guest's thread and ours each write one word of guest memory and read the other's.
#pragma once

#include <emmintrin.h>

namespace nyx {

// Not std::atomic_thread_fence(), which TSan cannot follow and GCC refuses under it: nothing here may rest on a fence
// alone to have data seen.
inline void full_fence() {
    _mm_mfence();
}

}  // namespace nyx
