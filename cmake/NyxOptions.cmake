# Compiler settings that every target of ours shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(NYX_CCACHE ccache)
if(NYX_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${NYX_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${NYX_CCACHE}")
endif()

set(NYX_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined or thread")

# An interface target rather than global flags: generated and system code is not held to our warnings.
add_library(nyx_flags INTERFACE)
target_compile_options(nyx_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wimplicit-fallthrough -Wcast-qual -Wformat=2
  -fno-omit-frame-pointer
  # Warnings that g++ 12 gives wrongly once it has inlined (std::string, std::variant): shown, not fatal.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized;-Wno-error=array-bounds;-Wno-error=stringop-overflow;-Wno-error=restrict>
  # clang (the fuzzers) blames std::stable_sort for what libstdc++ 12 uses in it, and a long string for its length.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations;-Wno-overlength-strings>
  # Reproducible output: no build folder in binaries.
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_include_directories(nyx_flags INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
if(NYX_SANITIZE)
  add_compile_options(-fsanitize=${NYX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NYX_SANITIZE})
endif()

find_program(NYX_MOLD mold)
if(NYX_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Our programs carry libstdc++ in themselves: fewer libraries to load at each start, and under half of it resident.
add_library(nyx_program INTERFACE)
if(NOT NYX_SANITIZE)
  target_link_options(nyx_program INTERFACE -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,--as-needed)
endif()
