if exists('b:did_indent') | finish | endif
let b:did_indent = 1

setlocal indentexpr=NyxIndent(v:lnum) indentkeys=0{,0},0),0],0.,!^F,o,O nosmartindent
let b:undo_indent = 'setlocal indentexpr< indentkeys< smartindent<'
if exists('*NyxIndent') | finish | endif

" A line without its comment and with empty strings: only what opens and closes is of interest.
function! s:code(text) abort
  return substitute(substitute(a:text, '"\%([^"\\]\|\\.\)*"\|''\%([^''\\]\|\\.\)*''', '""', 'g'), '#.*$', '', '')
endfunction

function! s:count(text, set) abort
  return len(substitute(a:text, '[^' . a:set . ']', '', 'g'))
endfunction

" One step deeper for each line that opens more than it closes; a line that begins with a dot goes on with the one before.
function! NyxIndent(lnum) abort
  if synIDattr(synID(a:lnum, 1, 1), 'name') ==# 'nyxDocumentation' && getline(a:lnum) !~# '^\s*"""' | return -1 | endif
  let l:previous = prevnonblank(a:lnum - 1)
  if l:previous == 0 | return 0 | endif
  let l:before = s:code(getline(l:previous))
  let l:leading = matchstr(l:before, '^\s*[]})]*')
  let l:rest = l:before[len(l:leading):]
  let l:depth = indent(l:previous)
  let l:opened = s:count(l:rest, '\[({') - s:count(l:rest, '\])}')
  if l:opened > 0 | let l:depth += shiftwidth() | endif
  if l:opened < 0 | let l:depth -= shiftwidth() * -l:opened | endif
  let l:chained = l:before =~# '^\s*?\?\.\h'
  let l:chains = getline(a:lnum) =~# '^\s*?\?\.\h'
  if l:chains && !l:chained | let l:depth += shiftwidth() | endif
  if l:chained && !l:chains | let l:depth -= shiftwidth() | endif
  if getline(a:lnum) =~# '^\s*[]})]' | let l:depth -= shiftwidth() | endif
  return max([l:depth, 0])
endfunction
