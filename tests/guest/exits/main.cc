// Does one operation as often as its command line says ("serial 100"), for bench/exits: what grows with the number is
// what the operation costs. Says "done" and leaves with 0 when it is through.
#include "../probe/cpu.h"
#include "virtio.h"

namespace exits {
namespace {

constexpr uint16_t kCom1 = 0x3F8;
constexpr uint16_t kLineStatus = kCom1 + 5;

// As an 8250 driver that polls: the transmitter is empty, one byte.
void put(char c) {
    while ((probe::inb(kLineStatus) & 0x20) == 0) {
    }
    probe::outb(kCom1, static_cast<uint8_t>(c));
}
void say(const char* text) {
    for (; *text != 0; ++text) put(*text);
}

void serial(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) put('.');
}

// As Linux's console since 5.17: the FIFO is filled at once.
void serial_fifo(uint32_t count) {
    probe::outb(kCom1 + 2, 1);
    for (uint32_t i = 0; i < count; i += 16) {
        while ((probe::inb(kLineStatus) & 0x20) == 0) {
        }
        for (uint32_t k = 0; k < 16; ++k) probe::outb(kCom1, '.');
    }
}

void rtc(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        probe::outb(0x70, 0x0D);
        (void)probe::inb(0x71);
    }
}

Queue queues[2];

void disk(Device device, uint32_t count) {
    static struct {
        uint32_t type, reserved;
        uint64_t sector;
    } header;
    static uint8_t data[512];
    static volatile uint8_t status;
    device.begin();
    device.add_queue(0, queues[0]);
    device.ready();
    for (uint32_t i = 0; i < count; ++i) {
        status = 0xFF;
        queues[0].describe(0, &header, sizeof header, kNext);
        queues[0].describe(1, data, sizeof data, kNext | kDeviceWrites);
        queues[0].describe(2, const_cast<const uint8_t*>(&status), 1, kDeviceWrites);
        queues[0].offer(0);
        device.notify(0);
        queues[0].wait();
        device.acknowledge();
        if (status != 0) fail("the disk refused a read");
    }
}

// 12 bytes of virtio-net's header, then who-has 10.0.2.2 (RFC 826), to which the user-mode network answers.
uint8_t request[12 + 60] = {
    0,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0x52, 0x54, 0,    0x12, 0x34, 0x56, 0x08, 0x06, 0, 1, 8, 0, 6,    4,    0,    1,    0x52, 0x54,
    0,    0x12, 0x34, 0x56, 10,   0,    2,    15,   0, 0, 0, 0, 0,    0,    10,   0,    2,    2,
};

void net(Device device, uint32_t count) {
    static uint8_t answer[2048];
    Queue &receive = queues[0], &transmit = queues[1];
    device.begin();
    device.add_queue(0, receive);
    device.add_queue(1, transmit);
    transmit.available[0] = 1;  // no interrupt: a driver takes back what was sent when it sends again
    device.ready();
    for (uint32_t i = 0; i < count; ++i) {
        receive.describe(0, answer, sizeof answer, kDeviceWrites);
        receive.offer(0);
        device.notify(0);
        transmit.describe(0, request, sizeof request, 0);
        transmit.offer(0);
        device.notify(1);
        transmit.wait();
        receive.wait();
        device.acknowledge();
    }
}

bool is(const char* text, const char* word) {
    for (; *word != 0; ++text, ++word)
        if (*text != *word) return false;
    return *text == ' ' || *text == 0;
}

uint32_t number_behind(const char* text) {
    while (*text != 0 && *text != ' ') ++text;
    uint32_t value = 0;
    for (text += *text == ' '; *text >= '0' && *text <= '9'; ++text)
        value = value * 10 + static_cast<uint32_t>(*text - '0');
    return value;
}

void run(const char* operation) {
    const uint32_t count = number_behind(operation);
    if (is(operation, "serial")) return serial(count);
    if (is(operation, "serial-fifo")) return serial_fifo(count);
    if (is(operation, "rtc")) return rtc(count);
    if (is(operation, "disk-mmio")) return disk(Device::on_mmio(2), count);
    if (is(operation, "disk-pci")) return disk(Device::on_pci(2), count);
    if (is(operation, "net-mmio")) return net(Device::on_mmio(1), count);
    if (is(operation, "net-pci")) return net(Device::on_pci(1), count);
    fail("no such operation");
}

}  // namespace

void fail(const char* why) {
    say("\r\nexits: ");
    say(why);
    say("\r\n");
    for (;;) asm volatile("cli; hlt");
}

}  // namespace exits

// Called by probe/entry.S; PVH's start information has the command line at 24.
extern "C" [[noreturn]] void probe_main(uint32_t, uint64_t information) {
    exits::run(reinterpret_cast<const char*>(probe::load<uint64_t>(information + 24)));
    exits::say("\r\ndone\r\n");
    probe::outl(0xF4, 0);  // an exit device, where there is one
    for (;;) asm volatile("cli; hlt");
}

// The stubs of entry.S lead here; nothing is enabled, and no other processor is started.
extern "C" void interrupt(uint64_t, uint64_t, uint64_t) {
    exits::fail("an interrupt or exception");
}
extern "C" void ap_main() {}
