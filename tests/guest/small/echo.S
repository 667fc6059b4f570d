# The guest of examples/05_script_device: what the terminal line brings goes back in capitals, and with each byte the watchdog is given three seconds.
# After a `q` it is given a tenth of one.
        .set    LINE, 0x2E0
        .set    WATCHDOG, 0x2E8
        .macro  patience units
        movw    $WATCHDOG, %dx
        movb    $\units, %al
        outb    %al, %dx
        .endm
        .code64
        .globl  _start
_start: cld
        movl    $hello, %esi
        movw    $LINE, %dx
1:      lodsb
        testb   %al, %al
        jz      watch
        outb    %al, %dx
        jmp     1b
watch:  patience 30
2:      pause
        movw    $LINE + 1, %dx
        inb     %dx, %al
        testb   $1, %al
        jz      2b
        movw    $LINE, %dx
        inb     %dx, %al
        cmpb    $'q', %al
        je      leave
        cmpb    $'a', %al
        jb      3f
        cmpb    $'z', %al
        ja      3f
        subb    $'a' - 'A', %al
3:      outb    %al, %dx
        jmp     watch
leave:  patience 1
4:      pause
        jmp     4b
hello:  .asciz  "type, and q to leave\r\n"
        .section .note.GNU-stack, "", @progbits
