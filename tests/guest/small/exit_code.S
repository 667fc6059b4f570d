# Ends with status 42.
        .include "small.inc"
        .code64
        .globl  _start
_start: cld
        say32   text
        finish  42
text:   .asciz  "leaving with 42\r\n"
        .section .note.GNU-stack, "", @progbits
