#include <doctest/doctest.h>

#include "devices/rtc/calendar.h"

using namespace nyx::dev::rtc;

TEST_CASE("calendar: seconds to fields and back") {
    CHECK(calendar_of(0) == Calendar{0, 0, 0, 5, 1, 1, 1970});  // a Thursday
    CHECK(calendar_of(951'782'399) == Calendar{59, 59, 23, 2, 28, 2, 2000});
    CHECK(calendar_of(951'782'400) == Calendar{0, 0, 0, 3, 29, 2, 2000});
    CHECK(calendar_of(-1) == Calendar{59, 59, 23, 4, 31, 12, 1969});
    for (std::int64_t s : {-62'167'219'200LL, -1LL, 0LL, 1'700'000'001LL, 4'102'444'799LL, 253'402'300'799LL})
        CHECK(seconds_of(calendar_of(s)) == s);
}

TEST_CASE("calendar: fields outside their ranges go to the nearest end") {
    CHECK(calendar_of(seconds_of({99, 99, 99, 1, 99, 99, 2023})) == Calendar{59, 59, 23, 1, 31, 12, 2023});
    CHECK(calendar_of(seconds_of({0, 0, 0, 1, 31, 2, 2023})).day == 28);
}

TEST_CASE("MC146818A Table 2: BCD or binary, 12 or 24 hours") {
    CHECK(encode(59, 0) == 0x59);
    CHECK(encode(59, kDm) == 59);
    CHECK(decode(0x59, 0) == 59);
    const std::pair<int, std::uint8_t> twelve[] = {{0, 0x12},  {1, 0x01},  {11, 0x11},
                                                   {12, 0x92}, {13, 0x81}, {23, 0x91}};
    for (auto [hour, raw] : twelve) CHECK(encode_hour(hour, 0) == raw);
    for (std::uint8_t format = 0; format <= (kDm | k24Hours); format += k24Hours)
        for (int hour = 0; hour < 24; ++hour) CHECK(decode_hour(encode_hour(hour, format), format) == hour);
}

TEST_CASE("MC146818A alarm: the next match, with and without don't-care") {
    auto ahead = [](Alarm alarm, std::int64_t now) { return seconds_to_alarm(alarm, k24Hours, now); };
    CHECK(ahead({0x00, 0x00, 0x12}, 0) == 12 * 3600);
    CHECK(ahead({0x00, 0x00, 0x12}, 12 * 3600) == 86'400);
    CHECK(ahead({0xFF, 0xFF, 0xFF}, 77) == 1);
    CHECK(ahead({0x30, 0xC0, 0xC0}, 31) == 59);
    CHECK(ahead({0x00, 0x15, 0xFF}, 16 * 60) == 59 * 60);
    CHECK(ahead({0x00, 0x99, 0xFF}, 0) == 0);
    CHECK(ahead({0x00, 0x00, 0x24}, 0) == 0);
}
