// The registers of the MC146818A's calendar as numbers, and their encoding (Table 2: BCD or binary, 12 or 24 hours).
//
// Pure functions. Times are seconds since 1970-01-01 00:00:00 of whatever zone the guest keeps its clock in.
#pragma once

#include <array>
#include <cstdint>

#include "tests/equivalence/reference/rtc/spec.h"

namespace nyx::dev::rtc {

struct Calendar {
    int second = 0;   // 0 to 59
    int minute = 0;   // 0 to 59
    int hour = 0;     // 0 to 23
    int weekday = 1;  // 1 (Sunday) to 7
    int day = 1;      // 1 to 31
    int month = 1;    // 1 to 12
    int year = 1970;  // 0 to 9999
    bool operator==(const Calendar&) const = default;
};

Calendar calendar_of(std::int64_t seconds);
// Inverse of calendar_of(); weekday is not looked at. Fields outside their ranges are brought to the nearest end.
std::int64_t seconds_of(const Calendar& calendar);

// A number 0 to 99 as a register holds it, and back; format: register B. A BCD digit above 9 counts as it stands.
std::uint8_t encode(int value, std::uint8_t format);
int decode(std::uint8_t raw, std::uint8_t format);
std::uint8_t encode_hour(int hour, std::uint8_t format);
int decode_hour(std::uint8_t raw, std::uint8_t format);

bool is_time_register(std::uint8_t index);
std::uint8_t read_register(const Calendar& calendar, std::uint8_t index, std::uint8_t format);
void write_register(Calendar& calendar, std::uint8_t index, std::uint8_t raw, std::uint8_t format);

// The three alarm registers.
struct Alarm {
    std::uint8_t second = 0;
    std::uint8_t minute = 0;
    std::uint8_t hour = 0;
};

// Seconds from `second_of_day` to the next second that matches, 1 to 86,400; 0: none ever does.
std::int64_t seconds_to_alarm(const Alarm& alarm, std::uint8_t format, std::int64_t second_of_day);

// floor(a / b) and what is left, for b > 0.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}
constexpr std::int64_t floor_mod(std::int64_t a, std::int64_t b) {
    return a - floor_div(a, b) * b;
}

}  // namespace nyx::dev::rtc
