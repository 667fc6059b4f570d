# Flat, 32-bit protected mode.
        .include "small.inc"
        .code32
        .globl  _start
_start: cld
        pushl   $0x12345678             # the loader's stack is RAM
        popl    %eax
        cmpl    $0x12345678, %eax
        jne     bad
        say32   hello
        finish  0
bad:    finish  1
hello:  .asciz  "hello from 32 bits\r\n"
        .section .note.GNU-stack, "", @progbits
