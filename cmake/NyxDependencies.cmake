# Everything comes from Debian packages (scripts/packages.txt); nothing is downloaded or vendored.
find_package(PkgConfig REQUIRED)
pkg_check_modules(liburing REQUIRED IMPORTED_TARGET liburing)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)
find_package(doctest REQUIRED)
find_library(NYX_PUGIXML NAMES libpugixml.a REQUIRED)  # as Nettle
find_library(NYX_YAML_CPP NAMES libyaml-cpp.a REQUIRED)
find_package(Threads REQUIRED)
find_package(antlr4-runtime CONFIG REQUIRED)
find_library(NYX_NETTLE NAMES libnettle.a REQUIRED)  # one library fewer to load at each start
find_package(zydis REQUIRED)
include(NyxLlvm)

# libevent, statically: the HTTP server of the control socket. Its .pc files name the shared library.
find_library(NYX_EVENT_CORE NAMES libevent_core.a REQUIRED)
find_library(NYX_EVENT_EXTRA NAMES libevent_extra.a REQUIRED)
add_library(nyx_event INTERFACE)
target_link_libraries(nyx_event INTERFACE "${NYX_EVENT_EXTRA}" "${NYX_EVENT_CORE}")
