# Three loops that run for seconds, as a multiboot kernel; LOOP chooses, ROUNDS is how often. Ends by port F4.
        .section .multiboot, "a"
        .code32
        .align  4
header: .set    FLAGS, 0x00010003
        .long   0x1BADB002, FLAGS, -(0x1BADB002 + FLAGS)
        .long   header, header, 0, 0, _start
        .text
        .globl  _start
_start: cld
        movl    $0x200000, %esp
        movl    $ROUNDS, %ecx
        movl    $1, %eax
        movl    $0x12345678, %edx
        .if     LOOP == 0
again:  addl    %ecx, %eax              # registers: 10 instructions
        xorl    %eax, %edx
        leal    7(%eax, %edx, 2), %ebx
        roll    $5, %edx
        subl    %ecx, %ebx
        imull   %ebx, %esi
        movl    %esi, %edi
        andl    $255, %edi
        decl    %ecx
        jnz     again
        .elseif LOOP == 1
again:  movl    %ecx, %ebx              # memory: 10 instructions
        andl    $1023, %ebx
        movl    0x300000(, %ebx, 4), %eax
        addl    %ecx, %eax
        addl    %eax, 0x308000(, %ebx, 4)
        movl    %eax, 0x310000(, %ebx, 4)
        cmpl    $77, %eax
        adcl    $0, %edx
        decl    %ecx
        jnz     again
        .else
again:  call    f                       # calls: 14 to 16 instructions
        testb   $1, %al
        jz      1f
        addl    $3, %ebx
        jmp     2f
1:      subl    $1, %ebx
2:      decl    %ecx
        jnz     again
        .endif
        movl    $0, %eax
        outl    %eax, $0xF4
3:      cli
        hlt
        jmp     3b
f:      pushl   %ebp
        movl    %esp, %ebp
        imull   $1103515245, %eax, %eax
        addl    $12345, %eax
        pushl   %eax
        cmpl    %edx, %eax
        jl      4f
        shrl    $3, %eax
4:      movl    %ebp, %esp
        popl    %ebp
        ret
        .section .note.GNU-stack, "", @progbits
