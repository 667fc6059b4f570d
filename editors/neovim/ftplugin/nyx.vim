if exists('b:did_ftplugin') | finish | endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:#
setlocal shiftwidth=4 softtabstop=4 expandtab
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.ny
let b:undo_ftplugin = 'setlocal commentstring< comments< shiftwidth< softtabstop< expandtab< formatoptions< suffixesadd<'
compiler nyxc
