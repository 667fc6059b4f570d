#include "tests/equivalence/reference/rtc/calendar.h"

#include <algorithm>
#include <chrono>

namespace nyx::dev::rtc {

static constexpr std::int64_t kSecondsPerDay = 86'400;

Calendar calendar_of(std::int64_t seconds) {
    std::int64_t of_day = floor_mod(seconds, kSecondsPerDay);
    std::chrono::sys_days day{std::chrono::days{floor_div(seconds, kSecondsPerDay)}};
    std::chrono::year_month_day date{day};
    return {
        .second = static_cast<int>(of_day % 60),
        .minute = static_cast<int>(of_day / 60 % 60),
        .hour = static_cast<int>(of_day / 3600),
        .weekday = static_cast<int>(std::chrono::weekday{day}.c_encoding()) + 1,
        .day = static_cast<int>(static_cast<unsigned>(date.day())),
        .month = static_cast<int>(static_cast<unsigned>(date.month())),
        .year = std::clamp(static_cast<int>(date.year()), 0, 9999),
    };
}

std::int64_t seconds_of(const Calendar& calendar) {
    using namespace std::chrono;
    year_month month{year{std::clamp(calendar.year, 0, 9999)},
                     std::chrono::month{static_cast<unsigned>(std::clamp(calendar.month, 1, 12))}};
    unsigned last = static_cast<unsigned>((month / std::chrono::last).day());
    sys_days date{month / day{std::clamp(static_cast<unsigned>(std::max(calendar.day, 1)), 1u, last)}};
    std::int64_t of_day = std::clamp(calendar.hour, 0, 23) * 3600 + std::clamp(calendar.minute, 0, 59) * 60 +
                          std::clamp(calendar.second, 0, 59);
    return date.time_since_epoch().count() * kSecondsPerDay + of_day;
}

std::uint8_t encode(int value, std::uint8_t format) {
    return static_cast<std::uint8_t>(format & kDm ? value : value / 10 << 4 | value % 10);
}

int decode(std::uint8_t raw, std::uint8_t format) {
    return format & kDm ? raw : (raw >> 4) * 10 + (raw & 0x0F);
}

std::uint8_t encode_hour(int hour, std::uint8_t format) {
    if (format & k24Hours) return encode(hour, format);
    int twelve = hour % 12 == 0 ? 12 : hour % 12;
    return static_cast<std::uint8_t>(encode(twelve, format) | (hour >= 12 ? kHoursPm : 0));
}

int decode_hour(std::uint8_t raw, std::uint8_t format) {
    if (format & k24Hours) return decode(raw, format);
    int twelve = decode(raw & static_cast<std::uint8_t>(~kHoursPm), format) % 12;
    return raw & kHoursPm ? twelve + 12 : twelve;
}

bool is_time_register(std::uint8_t index) {
    bool alarm = index == kSecondsAlarm || index == kMinutesAlarm || index == kHoursAlarm;
    return (index <= kYear && !alarm) || index == kCentury;
}

std::uint8_t read_register(const Calendar& calendar, std::uint8_t index, std::uint8_t format) {
    switch (index) {
        case kSeconds:
            return encode(calendar.second, format);
        case kMinutes:
            return encode(calendar.minute, format);
        case kHours:
            return encode_hour(calendar.hour, format);
        case kDayOfWeek:
            return encode(calendar.weekday, format);
        case kDayOfMonth:
            return encode(calendar.day, format);
        case kMonth:
            return encode(calendar.month, format);
        case kYear:
            return encode(calendar.year % 100, format);
        default:
            return encode(calendar.year / 100, format);
    }
}

void write_register(Calendar& calendar, std::uint8_t index, std::uint8_t raw, std::uint8_t format) {
    int value = std::min(decode(raw, format), 99);
    switch (index) {
        case kSeconds:
            calendar.second = std::min(value, 59);
            return;
        case kMinutes:
            calendar.minute = std::min(value, 59);
            return;
        case kHours:
            calendar.hour = std::min(decode_hour(raw, format), 23);
            return;
        case kDayOfWeek:
            calendar.weekday = std::clamp(value, 1, 7);
            return;
        case kDayOfMonth:
            calendar.day = std::clamp(value, 1, 31);
            return;
        case kMonth:
            calendar.month = std::clamp(value, 1, 12);
            return;
        case kYear:
            calendar.year = calendar.year / 100 * 100 + value;
            return;
        default:
            calendar.year = value * 100 + calendar.year % 100;
            return;
    }
}

std::int64_t seconds_to_alarm(const Alarm& alarm, std::uint8_t format, std::int64_t second_of_day) {
    auto matches = [](std::uint8_t wanted, std::uint8_t raw) { return wanted >= kAlarmDontCare || wanted == raw; };
    for (std::int64_t ahead = 1; ahead <= kSecondsPerDay;) {
        auto at = static_cast<int>((second_of_day + ahead) % kSecondsPerDay);
        if (!matches(alarm.hour, encode_hour(at / 3600, format))) {
            ahead += 3600 - at % 3600;
        } else if (!matches(alarm.minute, encode(at / 60 % 60, format))) {
            ahead += 60 - at % 60;
        } else if (!matches(alarm.second, encode(at % 60, format))) {
            ahead += 1;
        } else {
            return ahead;
        }
    }
    return 0;
}

}  // namespace nyx::dev::rtc
