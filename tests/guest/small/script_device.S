# Ports of a device that is a class of the script: ends with 0 where each answers as it should, else with the number of the check.
        .include "small.inc"
        .set    ADDER, 0x500
        .macro  write_port port, value
        movw    $ADDER + \port, %dx
        movb    $\value, %al
        outb    %al, %dx
        .endm
        .macro  check number, port, value
        movw    $ADDER + \port, %dx
        inb     %dx, %al
        movb    $\number, %bl
        cmpb    $\value, %al
        jne     wrong
        .endm
        .code64
        .globl  _start
_start: cld
        write_port 0, 200
        write_port 0, 100
        check   1, 0, 44
        write_port 1, 7
        write_port 1, 8
        check   2, 1, 2
        check   3, 2, 0xFF              # outside its list: a mistake of the class
        write_port 3, 1                 # it throws
        write_port 2, 1                 # it never ends by itself
        check   4, 0, 44
        check   5, 3, 0x34              # cut to the width of the access
        say32   good
        finish  0
wrong:  movzbl  %bl, %eax
        outl    %eax, $EXIT
1:      hlt
        jmp     1b
good:   .asciz  "the class answers\r\n"
        .section .note.GNU-stack, "", @progbits
