// The functions of fmt that its headers declare and its library defines, made from the headers: Debian has that library
// only as a shared one, which would bring a shared libstdc++ into every program. A function is made where its address
// is taken; an undefined symbol fmt::v9::... at link time names one that is missing here.
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace {

namespace d = fmt::detail;
using Text = fmt::string_view;
using Arguments = fmt::format_args;
using Buffer = d::buffer<char>;

[[gnu::used]] std::string (*const kVformat)(Text, Arguments) = fmt::vformat;
[[gnu::used]] void (*const kVprint)(Text, Arguments) = fmt::vprint;
[[gnu::used]] void (*const kVprintTo)(std::FILE*, Text, Arguments) = fmt::vprint;
[[gnu::used]] void (*const kVformatTo)(Buffer&, Text, Arguments, d::locale_ref) = d::vformat_to<char>;
[[gnu::used]] void (Buffer::* const kAppend)(const char*, const char*) = &Buffer::append<char>;
[[gnu::used]] void (*const kAssertFail)(const char*, int, const char*) = d::assert_fail;
[[gnu::used]] void (*const kThrow)(const char*) = d::throw_format_error;
[[gnu::used]] bool (*const kIsPrintable)(std::uint32_t) = d::is_printable;
[[gnu::used]] d::thousands_sep_result<char> (*const kThousands)(d::locale_ref) = d::thousands_sep_impl<char>;
[[gnu::used]] char (*const kPoint)(d::locale_ref) = d::decimal_point_impl<char>;
[[gnu::used]] d::dragonbox::decimal_fp<float> (*const kFloat)(float) = d::dragonbox::to_decimal<float>;
[[gnu::used]] d::dragonbox::decimal_fp<double> (*const kDouble)(double) = d::dragonbox::to_decimal<double>;

}  // namespace
