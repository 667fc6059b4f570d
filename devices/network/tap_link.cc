#include "devices/network/tap_link.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace nyx::dev {

Result<std::unique_ptr<TapLink>> TapLink::open(const std::string& interface) {
    if (interface.empty() || interface.size() >= IFNAMSIZ)
        return fail(ErrorCode::kInvalidArgument, "'{}' is no name of a network interface", interface);
    Fd fd(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return fail(errno_error(errno, "/dev/net/tun"));
    ifreq request{};
    std::copy(interface.begin(), interface.end(), request.ifr_name);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (::ioctl(fd.get(), TUNSETIFF, &request) != 0) {
        Error error = errno_error(errno, "tap interface " + interface);
        error.hint = fmt::format("make it beforehand for this user: `ip tuntap add {} mode tap user $USER`", interface);
        return fail(std::move(error));
    }
    return std::unique_ptr<TapLink>(new TapLink(std::move(fd)));
}

// What the queue of the interface does not take is lost.
void TapLink::send(std::span<const std::uint8_t> frame) {
    (void)!::write(fd_.get(), frame.data(), frame.size());
}

void TapLink::pop() {
    size_ = 0;
    read_next();
}

// A frame that the guest has not taken gives way to the next one, or the loop would find the interface readable for
// ever.
void TapLink::poll() {
    read_next();
}

void TapLink::read_next() {
    ssize_t count = ::read(fd_.get(), frame_.data(), frame_.size());
    size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
}

}  // namespace nyx::dev
