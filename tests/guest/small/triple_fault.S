# An exception without an interrupt table: #UD, then #DF, then shutdown.
        .include "small.inc"
        .code64
        .globl  _start
_start: cld
        say32   text
        lidt    no_table
        ud2
        finish  1
no_table: .word 0
        .quad   0
text:   .asciz  "about to triple fault\r\n"
        .section .note.GNU-stack, "", @progbits
