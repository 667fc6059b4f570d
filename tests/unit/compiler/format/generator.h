// Random programs: every form of the language, with names of any length, in any layout that the language allows.
#pragma once

#include <random>
#include <string>

namespace nyx::format {

class Generator {
  public:
    explicit Generator(std::uint32_t seed) : random_(seed) {}

    std::string program();

  private:
    int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
    bool rarely() { return pick(6) == 0; }
    // generator_expressions.cc
    std::string name();
    std::string binary_operator(int count = 28);  // one of the first `count`
    std::string blank();
    std::string line_end();
    std::string inner();
    std::string type(int depth);
    std::string literal();
    std::string expression(int depth);
    std::string primary(int depth);
    std::string list(const char* open, const char* close, int depth, int kind);
    std::string parameters(int depth);

    // generator.cc
    std::string assignment(int depth);
    std::string statement(int depth);
    std::string compound(int depth);
    std::string block(int depth);
    std::string separated(int depth, const char* inside);
    std::string machine(int depth);
    std::string schema();
    std::string class_declaration(int depth);
    std::string switch_or_match(int depth);

    std::mt19937 random_;
};

}  // namespace nyx::format
