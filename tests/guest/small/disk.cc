// Drives a virtio disk without an operating system: reads sector 0, adds one to each byte, writes sector 1, flushes,
// then reads sector 1 often enough to count what a request costs. The status of the run is the step that failed, 0 for
// none. Over MMIO, or with DISK_OVER_PCI over PCI, where the machine has put the function's memory.
using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned;
using u64 = unsigned long;

namespace {

constexpr int kReads = 61;  // 64 requests in all
enum : u8 { kReset = 0, kAcknowledge = 1, kDriver = 2, kDriverOk = 4, kFeaturesOk = 8 };
enum : u32 { kIn = 0, kOut = 1, kFlush = 4 };
constexpr u16 kSize = 4;
constexpr u16 kNext = 1, kWrite = 2;

struct Descriptor {
    u64 address;
    u32 length;
    u16 flags;
    u16 next;
};
struct Available {
    u16 flags;
    u16 index;
    u16 ring[kSize];
    u16 event;
};
struct Used {
    u16 flags;
    u16 index;
    struct {
        u32 id;
        u32 length;
    } ring[kSize];
    u16 event;
};
struct Header {
    u32 type;
    u32 reserved;
    u64 sector;
};

alignas(4096) Descriptor descriptors[kSize];
alignas(4096) volatile Available available;
alignas(4096) volatile Used used;
Header header;
u8 data[512];
volatile u8 status;

void out8(u16 port, u8 value) {
    asm volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}
[[noreturn]] void finish(u32 code) {
    asm volatile("outl %0, %1" ::"a"(code), "Nd"(u16{0xF4}));
    for (;;) asm volatile("cli; hlt");
}
void say(const char* text) {
    for (; *text != 0; ++text) out8(0x3F8, static_cast<u8>(*text));
}

template <class T>
volatile T& at(u64 address) {
    return *reinterpret_cast<volatile T*>(address);
}

#ifdef DISK_OVER_PCI

// VIRTIO 1.2 §4.1: the structures stand where Nyx has them in BAR 0.
constexpr u64 kCommon = 0xFE000000, kIsr = kCommon + 0x1000, kNotify = kCommon + 0x3000;

void set_status(u8 bits) {
    at<u8>(kCommon + 0x14) = bits;
}
u8 get_status() {
    return at<u8>(kCommon + 0x14);
}
void choose(u32 window, u32 features) {
    at<u32>(kCommon + 0x08) = window;
    at<u32>(kCommon + 0x0C) = features;
}
void set_area(u64 offset, const volatile void* area) {
    at<u32>(kCommon + offset) = static_cast<u32>(reinterpret_cast<u64>(area));
    at<u32>(kCommon + offset + 4) = 0;
}
void find_disk() {
    if (at<u16>(kCommon + 0x12) != 1) finish(1);  // queues
}
void set_queue() {
    at<u16>(kCommon + 0x16) = 0;
    if (at<u16>(kCommon + 0x18) < kSize) finish(3);
    at<u16>(kCommon + 0x18) = kSize;
    set_area(0x20, descriptors);
    set_area(0x28, &available);
    set_area(0x30, &used);
    at<u16>(kCommon + 0x1C) = 1;
}
void notify() {
    at<u16>(kNotify) = 0;
}
// Reading takes it.
bool was_interrupted() {
    return (at<u8>(kIsr) & 1) != 0;
}

#else

// VIRTIO 1.2 §4.2: where Nyx has it, or on one of the 24 places of QEMU's microvm.
constexpr u64 kOurs = 0xFE000000, kMicrovm = 0xFEB00000, kMicrovmStep = 0x200;
constexpr u32 kMagic = 0x74726976, kBlock = 2;
u64 base = kOurs;

void set_status(u8 bits) {
    at<u32>(base + 0x70) = bits;
}
u8 get_status() {
    return static_cast<u8>(at<u32>(base + 0x70));
}
void choose(u32 window, u32 features) {
    at<u32>(base + 0x24) = window;
    at<u32>(base + 0x20) = features;
}
void set_area(u64 offset, const volatile void* area) {
    at<u32>(base + offset) = static_cast<u32>(reinterpret_cast<u64>(area));
    at<u32>(base + offset + 4) = 0;
}
bool is_disk() {
    return at<u32>(base) == kMagic && at<u32>(base + 4) == 2 && at<u32>(base + 8) == kBlock;
}
void find_disk() {
    if (is_disk()) return;
    for (u64 place = 0; place < 24; ++place) {
        base = kMicrovm + place * kMicrovmStep;
        if (is_disk()) return;
    }
    finish(1);
}
void set_queue() {
    at<u32>(base + 0x30) = 0;
    if (at<u32>(base + 0x34) < kSize) finish(3);
    at<u32>(base + 0x38) = kSize;
    set_area(0x80, descriptors);
    set_area(0x90, &available);
    set_area(0xA0, &used);
    at<u32>(base + 0x44) = 1;
}
void notify() {
    at<u32>(base + 0x50) = 0;
}
bool was_interrupted() {
    if ((at<u32>(base + 0x60) & 1) == 0) return false;
    at<u32>(base + 0x64) = 1;
    return true;
}

#endif

void set_up() {
    find_disk();
    set_status(kReset);
    set_status(kAcknowledge | kDriver);
    choose(1, 1);       // VIRTIO_F_VERSION_1
    choose(0, 1 << 9);  // flush
    set_status(kAcknowledge | kDriver | kFeaturesOk);
    if ((get_status() & kFeaturesOk) == 0) finish(2);
    set_queue();
    set_status(kAcknowledge | kDriver | kFeaturesOk | kDriverOk);
}

void ask(u32 type, u64 sector, u32 step) {
    header = {type, 0, sector};
    status = 0xFF;
    descriptors[0] = {reinterpret_cast<u64>(&header), sizeof header, kNext, static_cast<u16>(type == kFlush ? 2 : 1)};
    descriptors[1] = {reinterpret_cast<u64>(data), sizeof data, static_cast<u16>(type == kIn ? kNext | kWrite : kNext),
                      2};
    descriptors[2] = {reinterpret_cast<u64>(&status), 1, kWrite, 0};
    u16 index = available.index;
    available.ring[index % kSize] = 0;
    asm volatile("" ::: "memory");
    available.index = static_cast<u16>(index + 1);
    asm volatile("mfence" ::: "memory");
    notify();
    while (used.index != available.index) asm volatile("pause" ::: "memory");
    // Who looks into the ring may be faster than the interrupt.
    while (!was_interrupted()) asm volatile("pause" ::: "memory");
    if (status != 0) finish(step);
}

}  // namespace

extern "C" [[noreturn, gnu::section(".multiboot")]] void _start() {
    set_up();
    ask(kIn, 0, 4);
    for (u8& byte : data) ++byte;
    ask(kOut, 1, 5);
    ask(kFlush, 0, 6);
    for (int i = 0; i < kReads; ++i) ask(kIn, 1, 7);
    say("sector copied\r\n");
    finish(0);
}
