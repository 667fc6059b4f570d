// Drives a virtio disk over MMIO without an operating system: reads sector 0, adds one to each byte, writes sector 1,
// flushes. The status of the run is the step that failed, 0 for none.
using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned;
using u64 = unsigned long;

namespace {

constexpr u64 kBase = 0xFE000000;
enum : u32 { kReset = 0, kAcknowledge = 1, kDriver = 2, kDriverOk = 4, kFeaturesOk = 8 };
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

u32 in(u64 offset) {
    return *reinterpret_cast<volatile u32*>(kBase + offset);
}
void out(u64 offset, u32 value) {
    *reinterpret_cast<volatile u32*>(kBase + offset) = value;
}
void out_address(u64 offset, const volatile void* address) {
    out(offset, static_cast<u32>(reinterpret_cast<u64>(address)));
    out(offset + 4, static_cast<u32>(reinterpret_cast<u64>(address) >> 32));
}

void set_up() {
    if (in(0x0) != 0x74726976 || in(0x4) != 2 || in(0x8) != 2) finish(1);
    out(0x70, kReset);
    out(0x70, kAcknowledge | kDriver);
    out(0x24, 1);
    out(0x20, 1);  // VIRTIO_F_VERSION_1
    out(0x24, 0);
    out(0x20, 1 << 9);  // flush
    out(0x70, kAcknowledge | kDriver | kFeaturesOk);
    if ((in(0x70) & kFeaturesOk) == 0) finish(2);
    out(0x30, 0);
    if (in(0x34) < kSize) finish(3);
    out(0x38, kSize);
    out_address(0x80, descriptors);
    out_address(0x90, &available);
    out_address(0xA0, &used);
    out(0x44, 1);
    out(0x70, kAcknowledge | kDriver | kFeaturesOk | kDriverOk);
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
    out(0x50, 0);
    while (used.index != available.index) asm volatile("pause" ::: "memory");
    if (status != 0 || (in(0x60) & 1) == 0) finish(step);
    out(0x64, 1);
}

}  // namespace

extern "C" [[noreturn, gnu::section(".multiboot")]] void _start() {
    set_up();
    ask(kIn, 0, 4);
    for (u8& byte : data) ++byte;
    ask(kOut, 1, 5);
    ask(kFlush, 0, 6);
    say("sector copied\r\n");
    finish(0);
}
