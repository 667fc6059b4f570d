// A fuzz target without a fuzzer: some inputs of chance, the same ones each time. Argument: how many.
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** arguments) {
    const long inputs = count > 1 ? std::strtol(arguments[1], nullptr, 10) : 100;
    std::mt19937_64 random(1);
    for (long i = 0; i < inputs; ++i) {
        std::vector<std::uint8_t> input(random() % 4096);
        for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(random());
        LLVMFuzzerTestOneInput(input.data(), input.size());
    }
    return 0;
}
