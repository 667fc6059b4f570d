" :make checks the file; its mistakes are in the quickfix list.
if exists('current_compiler') | finish | endif
let current_compiler = 'nyxc'

CompilerSet makeprg=nyxc\ check\ --color=never\ %:S
CompilerSet errorformat=%Eerror[%m,%Wwarning[%m,%Inote[%m,%Z\ %#┌─\ %f:%l:%c,%-G%.%#
