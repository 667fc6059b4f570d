# cmake --install: bin, share/nyx/stdlib, manual pages, shell completions. The pages are made by the programs themselves.
set(NYX_PAGES "${CMAKE_BINARY_DIR}/pages")
file(MAKE_DIRECTORY "${NYX_PAGES}")
foreach(program nyx nyxc)
  add_custom_command(
    OUTPUT "${NYX_PAGES}/${program}.1" "${NYX_PAGES}/${program}.bash" "${NYX_PAGES}/_${program}" "${NYX_PAGES}/${program}.fish"
    COMMAND ${program} --manual > "${NYX_PAGES}/${program}.1"
    COMMAND ${program} --completion bash > "${NYX_PAGES}/${program}.bash"
    COMMAND ${program} --completion zsh > "${NYX_PAGES}/_${program}"
    COMMAND ${program} --completion fish > "${NYX_PAGES}/${program}.fish"
    DEPENDS ${program} VERBATIM)
  list(APPEND nyx_pages "${NYX_PAGES}/${program}.1")
  install(FILES "${NYX_PAGES}/${program}.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES "${NYX_PAGES}/${program}.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME ${program})
  install(FILES "${NYX_PAGES}/_${program}" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  install(FILES "${NYX_PAGES}/${program}.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endforeach()
add_custom_target(pages ALL DEPENDS ${nyx_pages})

install(TARGETS nyx nyxc RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY stdlib/ DESTINATION "${CMAKE_INSTALL_DATADIR}/nyx/stdlib" FILES_MATCHING PATTERN "*.ny")
