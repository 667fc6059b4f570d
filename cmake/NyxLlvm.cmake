# nyx_llvm_libraries(out component...): the static LLVM libraries of these components. Static, because the shared library keeps
# some 50 MiB resident; only compiler/codegen and runtime/soft/jit may use this.
find_package(LLVM 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19/lib/cmake/llvm)

add_library(nyx_llvm_headers INTERFACE)
target_include_directories(nyx_llvm_headers SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
separate_arguments(nyx_llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(nyx_llvm_headers INTERFACE ${nyx_llvm_definitions})

function(nyx_llvm_libraries out)
  llvm_map_components_to_libnames(libraries ${ARGN})
  set(${out} nyx_llvm_headers ${libraries} PARENT_SCOPE)
endfunction()
