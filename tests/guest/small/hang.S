# Halts with interrupts off: nothing can wake it.
        .include "small.inc"
        .code64
        .globl  _start
_start: cld
        say32   text
1:      cli
        hlt
        jmp     1b
text:   .asciz  "about to hang\r\n"
        .section .note.GNU-stack, "", @progbits
