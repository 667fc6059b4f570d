# Multiboot 1 by its address fields, in a flat file: says hello, the loader's magic number permitting, and its command line.
        .include "small.inc"
        .section .multiboot, "a"
        .code32
        .align  4
header: .set    FLAGS, 0x00010003
        .long   0x1BADB002, FLAGS, -(0x1BADB002 + FLAGS)
        .long   header, header, 0, 0, _start
        .text
        .globl  _start
_start: cld
        cmpl    $0x2BADB002, %eax
        jne     bad
        testl   $4, (%ebx)              # flag 2: there is a command line
        jz      bad
        say32   hello
        movl    16(%ebx), %esi
        say_loop
        say32   newline
        finish  0
bad:    finish  1
hello:  .asciz  "hello from multiboot: "
newline: .asciz "\r\n"
        .section .note.GNU-stack, "", @progbits
