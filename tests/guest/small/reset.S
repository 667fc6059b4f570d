# Resets the machine once through the keyboard controller. CMOS memory outlives a reset: a mark in byte 0x50 tells the second start.
        .include "small.inc"
        .code64
        .set    MARK, 0x5A
        .globl  _start
_start: cld
        movb    $0x50, %al
        outb    %al, $0x70
        inb     $0x71, %al
        cmpb    $MARK, %al
        je      second
        movb    $MARK, %al
        outb    %al, $0x71
        say32   first_text
        movb    $0xFE, %al
        outb    %al, $0x64
1:      cli
        hlt
        jmp     1b
second: say32   second_text
        finish  0
first_text:  .asciz "first start\r\n"
second_text: .asciz "second start\r\n"
        .section .note.GNU-stack, "", @progbits
