# From real mode through protected mode to long mode with paging, to level 3 and back, with an external interrupt and
# page faults. Every station writes a letter to a log at 0x510; modes_test.cc knows the word they make.
# Starts at 0:0x7C00. The byte at 0x508 asks whoever runs this for an interrupt with vector 0x40.

.set NEXT, 0x500
.set ASK, 0x508
.set LOG, 0x510
.set PML4, 0x10000
.set PDPT, 0x11000
.set PD, 0x12000
.set PT0, 0x13000
.set PT2, 0x14000
.set IDT, 0x18000
.set TSS, 0x19000
.set KERNEL_STACK, 0x20000
.set FAULT_STACK, 0x21000
.set USER_STACK, 0x22000
.set SYSTEM_PAGE, 0x30000
.set CODE64, 0x18
.set USER_DATA, 0x30
.set USER_CODE, 0x38
.set TASK, 0x40

.macro log letter
    push %rdi
    movzwl NEXT, %edi
    movb $\letter, (%rdi)
    incw NEXT
    pop %rdi
.endm

# Vector, handler, type and privilege, interrupt stack.
.macro gate vector, handler, kind, ist=0
    movw $\handler, IDT + \vector * 16
    movw $CODE64, IDT + \vector * 16 + 2
    movw $(\kind << 8 | \ist), IDT + \vector * 16 + 4
.endm

.code16
.globl _start
_start:
    cli
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $0x7000, %sp
    movw $LOG, NEXT
    movb $0, ASK
    movw $real_handler, 0x21 * 4
    movw $0, 0x21 * 4 + 2
    int $0x21
    lgdt gdt_pointer
    mov %cr0, %eax
    or $1, %al
    mov %eax, %cr0
    ljmp $0x08, $protected

real_handler:
    push %di
    mov NEXT, %di
    movb $'R', (%di)
    incw NEXT
    pop %di
    iret

.code32
protected:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $KERNEL_STACK, %esp
    # A trap gate of 32 bits for vector 0x21, to be used before the table for long mode replaces it.
    movw $protected_handler, IDT + 0x21 * 8
    movw $0x08, IDT + 0x21 * 8 + 2
    movl $0x8F00, IDT + 0x21 * 8 + 4
    lidt idt_pointer
    int $0x21
    # Tables: the first 2 MiB by pages, the next by one large page, the third not there yet.
    mov $PML4, %edi
    xor %eax, %eax
    mov $(0x9000 / 4), %ecx
    rep stosl
    movl $(PDPT + 7), PML4
    movl $(PD + 7), PDPT
    movl $(PT0 + 7), PD
    movl $(0x87), PD + 8
    movl $(PT2 + 7), PD + 16
    mov $7, %eax
    mov $PT0, %edi
1:  mov %eax, (%edi)
    add $8, %edi
    add $0x1000, %eax
    cmp $0x200007, %eax
    jb 1b
    movl $(SYSTEM_PAGE + 3), PT0 + SYSTEM_PAGE / 0x1000 * 8
    mov $PML4, %eax
    mov %eax, %cr3
    mov %cr4, %eax
    or $0x20, %eax
    mov %eax, %cr4
    mov $0xC0000080, %ecx
    rdmsr
    or $0x101, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80010000, %eax
    mov %eax, %cr0
    ljmp $CODE64, $long

protected_handler:
    push %edi
    movzwl NEXT, %edi
    movb $'P', (%edi)
    incw NEXT
    pop %edi
    iret

.code64
long:
    mov $0x20, %eax
    mov %eax, %ss
    mov $KERNEL_STACK, %esp
    log 'L'
    gate 13, protection_handler, 0x8E
    gate 14, page_handler, 0x8E, 1
    gate 0x40, timer_handler, 0x8E
    gate 0x80, call_handler, 0xEE
    gate 0x81, end_handler, 0xEF
    lidt idt_pointer
    movl $KERNEL_STACK, TSS + 4
    movl $FAULT_STACK, TSS + 0x24
    movw $0x68, TSS + 0x66
    mov $TASK, %eax
    ltr %ax
    # An interrupt that ends HLT.
    movb $1, ASK
    sti
    hlt
    cli
    # A page that is made when it is touched, and large ones.
    movq $0x1234567, 0x400120
    cmpq $0x1234567, 0x31120
    jne wrong
    movl $77, 0x31200
    cmpl $77, 0x400200
    jne wrong
    movl $78, 0x31200
    cmpl $78, 0x231200
    jne wrong
    # To level 3.
    mov $0xC0000081, %ecx
    xor %eax, %eax
    mov $(0x28 << 16 | CODE64), %edx
    wrmsr
    inc %ecx
    mov $system_call, %eax
    xor %edx, %edx
    wrmsr
    mov $0xC0000084, %ecx
    mov $0x200, %eax
    wrmsr
    mov $user, %ecx
    mov $0x202, %r11d
    mov $USER_STACK, %esp
    sysretq

user:
    mov %cs, %eax
    cmp $(USER_CODE | 3), %eax
    jne wrong
    log 'U'
    mov $0x5555, %ebx
    syscall
    cmp $0x5556, %ebx
    jne wrong
    int $0x80
    cmp $0x5557, %ebx
    jne wrong
    movb $1, ASK
1:  cmpb $0, ASK
    jne 1b
    movb $1, SYSTEM_PAGE
after_page:
    cli
after_cli:
    mov %rsp, %rax
    cmp $USER_STACK, %rax
    jne wrong
    int $0x81
wrong:
    log '?'
    int $0x81

system_call:
    mov %rsp, %r15
    mov $KERNEL_STACK, %esp
    inc %ebx
    log 'S'
    mov %r15, %rsp
    sysretq

call_handler:
    inc %ebx
    log 'I'
    iretq

timer_handler:
    movb $0, ASK
    log 'T'
    iretq

page_handler:
    push %rax
    mov %cr2, %rax
    cmp $0x400120, %rax
    jne 1f
    cmpl $2, 8(%rsp)
    jne wrong
    movl $(0x31000 + 7), PT2
    log 'F'
    jmp 2f
1:  cmp $SYSTEM_PAGE, %rax
    jne wrong
    cmpl $7, 8(%rsp)
    jne wrong
    log 'K'
    movq $after_page, 16(%rsp)
2:  pop %rax
    add $8, %rsp
    iretq

protection_handler:
    cmpl $0, (%rsp)
    jne wrong
    log 'G'
    movq $after_cli, 8(%rsp)
    add $8, %rsp
    iretq

end_handler:
    log 'E'
    cli
    hlt

.balign 8
gdt:
    .quad 0
    .quad 0x00CF9A000000FFFF  # 0x08: code of 32 bits
    .quad 0x00CF92000000FFFF  # 0x10: data
    .quad 0x00AF9A000000FFFF  # 0x18: code of 64 bits
    .quad 0x00CF92000000FFFF  # 0x20: data
    .quad 0x00CFFA000000FFFF  # 0x28: level 3, code of 32 bits
    .quad 0x00CFF2000000FFFF  # 0x30: level 3, data
    .quad 0x00AFFA000000FFFF  # 0x38: level 3, code of 64 bits
    .quad 0x0000890190000067  # 0x40: the TSS
    .quad 0
gdt_pointer:
    .word . - gdt - 1
    .quad gdt
idt_pointer:
    .word 0xFFF
    .quad IDT
