autocmd BufRead,BufNewFile *.ny setfiletype nyx
