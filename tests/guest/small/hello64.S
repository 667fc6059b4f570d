# Flat, long mode.
        .include "small.inc"
        .code64
        .globl  _start
_start: cld
        movabsq $0x123456789ABCDEF0, %rax
        pushq   %rax
        popq    %rbx
        cmpq    %rax, %rbx
        jne     bad
        say32   hello
        finish  0
bad:    finish  1
hello:  .asciz  "hello from 64 bits\r\n"
        .section .note.GNU-stack, "", @progbits
