# Flat, real mode, at 0000:7C00 like a boot sector.
        .include "small.inc"
        .code16
        .globl  _start
_start: cli
        cld
        xorw    %ax, %ax
        movw    %ax, %ds
        say16   hello
        finish  0
hello:  .asciz  "hello from 16 bits\r\n"
        .section .note.GNU-stack, "", @progbits
