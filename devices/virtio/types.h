// What of virtio the catalog lists, by the names that schemas have.
#pragma once

#include "devices/kit/device_type.h"

namespace nyx::dev {

namespace disk {
extern const DeviceType kType;
}
namespace net {
extern const DeviceType kType;
}
namespace console {
extern const DeviceType kType;
}
namespace rng {
extern const DeviceType kType;
}
namespace pci_disk {
extern const DeviceType kType;
}
namespace pci_net {
extern const DeviceType kType;
}
namespace pci_console {
extern const DeviceType kType;
}
namespace pci_rng {
extern const DeviceType kType;
}

}  // namespace nyx::dev
