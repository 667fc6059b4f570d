if exists('b:current_syntax') | finish | endif

syn keyword nyxConditional if else switch case default match
syn keyword nyxRepeat while for break continue in
syn keyword nyxException try catch finally throw raise
syn keyword nyxStatement return assert pass
syn keyword nyxInclude import
syn keyword nyxStorage let mut const fn class extends
syn keyword nyxOperatorWord and or not
syn keyword nyxBoolean true false
syn keyword nyxConstant null
syn keyword nyxSelf self this super
syn keyword nyxType int float string bool bytes any map list array tuple size time rate frequency contained

" Keywords only where a statement begins and what follows fits; names everywhere else.
syn match nyxStructure "\%(^\|[;{}]\)\s*\zs\%(machine\|schema\|device\|module\|typealias\)\ze\s\+\h\w*"
syn match nyxInclude "\%(^\|[;{}]\)\s*\zs\%(use\|from\)\ze\s\+[\"'[:alpha:]_]"
syn match nyxInclude "\%(\w\|[\"']\)\s\+\zsas\ze\s\+\h"
syn match nyxStatement "\%(^\|[;{}]\)\s*\zs\%(on\)\ze\s\+\h\w*\%(\s*=\)\@!"
syn match nyxStatement "\%(^\|[;{}]\)\s*\zs\%(test\)\ze\s*\""
syn match nyxStatement "\%(^\|[;{}]\)\s*\zs\%(require\|recover\)\ze\%(\s\+[^ =:.,;)]\|\s*(\)"
" The items of device declarations, and what begins a statement in their code; then what stands within an item.
syn match nyxDevice "\%(^\|[;{}]\|\<override\)\s*\zs\%(acpi\|bank\|derive\|emit\|enum\|expect\|host\|index\|invariant\|migrate\|override\|phase\|reg\|reset\|since\|state\|stride\|timer\|when\)\ze\%(\s\+[A-Za-z_0-9!(-]\|\s*{\)"
syn match nyxDevice "\%([[:alnum:]_)\]>]\s\+\)\@<=\%(reset\|stride\|when\)\ze\s\+[A-Za-z_0-9!(]"
syn match nyxAccess "\%([[:alnum:]_)\]]\s\+\)\@<=\%(ro\|wo\|rw\|w1c\|w1s\|w0c\|rc\|doorbell\|rsvd\)\>\%(\s*[:.]\)\@!"
syn match nyxAnnotation "@\s*\h\w*\ze\s*("

" After a dot, and before `=` or `:` in an argument list, every word is a name.
syn match nyxMember "?\?\.\@1<!\.\.\@!\s*\h\w*"
syn match nyxArgument "[(,]\s*\zs\h\w*\ze\s*\%(:\|=[=>]\@!\)"
syn match nyxFunctionName "\<fn\s\+\h\w*" contains=nyxStorage
syn match nyxTypeName "\%(:\|->\|<\)\s*\%(int\|float\|string\|bool\|bytes\|any\|map\|list\|array\|tuple\|size\|time\|rate\|frequency\)\>" contains=nyxType

syn match nyxNumber "\<\%(0[xX][0-9A-Fa-f_]\+\|0[oO][0-7_]\+\|0[bB][01_]\+\|\d[0-9_]*\)\>"
syn match nyxFloat "\<\d[0-9_]*\%(\.\d[0-9_]*\)\%([eE][+-]\?\d\+\)\?\|\<\d[0-9_]*[eE][+-]\?\d\+"
syn match nyxUnit "\%(\d\s*\)\@<=\%(bit/s\|kbit/s\|Mbit/s\|Gbit/s\|Tbit/s\|B/s\|KiB/s\|MiB/s\|GiB/s\|kB/s\|MB/s\|GB/s\|B\|KiB\|MiB\|GiB\|TiB\|PiB\|kB\|KB\|MB\|GB\|TB\|PB\|ns\|us\|ms\|s\|min\|h\|Hz\|kHz\|MHz\|GHz\)\>/\@!"

syn match nyxEscape "\\\%(x\x\{2}\|u{\x\{1,6}}\|[ntr0ae\\\"'$]\)" contained
syn region nyxInterpolation matchgroup=nyxDelimiter start="\${" end="\%(:[^}\"\[\](){]*\)\?}" contained contains=TOP
syn region nyxBraces start="{" end="}" transparent contained containedin=nyxInterpolation contains=TOP,nyxBraces
syn region nyxString start=+"+ end=+"\|$+ oneline contains=nyxEscape,nyxInterpolation
syn region nyxString start=+'+ skip=+\\'+ end=+'\|$+ oneline contains=nyxEscape
syn region nyxDocumentation start=+"""+ end=+"""+ contains=nyxEscape,nyxInterpolation

syn keyword nyxTodo TODO FIXME contained
syn match nyxComment "#.*$" contains=nyxTodo,@Spell
syn sync minlines=200

hi def link nyxConditional Conditional
hi def link nyxRepeat Repeat
hi def link nyxException Exception
hi def link nyxStatement Statement
hi def link nyxInclude Include
hi def link nyxStorage StorageClass
hi def link nyxStructure Structure
hi def link nyxDevice Keyword
hi def link nyxAccess StorageClass
hi def link nyxAnnotation PreProc
hi def link nyxOperatorWord Operator
hi def link nyxBoolean Boolean
hi def link nyxConstant Constant
hi def link nyxSelf Identifier
hi def link nyxType Type
hi def link nyxFunctionName Function
hi def link nyxArgument Identifier
hi def link nyxNumber Number
hi def link nyxFloat Float
hi def link nyxUnit Type
hi def link nyxEscape SpecialChar
hi def link nyxDelimiter Delimiter
hi def link nyxString String
hi def link nyxDocumentation String
hi def link nyxTodo Todo
hi def link nyxComment Comment

let b:current_syntax = 'nyx'
