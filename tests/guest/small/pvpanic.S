# Reports its own crash through pvpanic.
        .include "small.inc"
        .code64
        .globl  _start
_start: cld
        say32   text
        movw    $0x505, %dx
        movb    $1, %al
        outb    %al, %dx
1:      cli
        hlt
        jmp     1b
text:   .asciz  "about to panic\r\n"
        .section .note.GNU-stack, "", @progbits
