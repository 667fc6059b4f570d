# Where the probe begins: PVH and multiboot 1 enter in 32-bit protected mode, an ELF loader in long mode. All go on in long mode with page
# tables of the probe's own (the first 4 GiB, identity) and call probe_main(protocol, information).
#
# With ENTRY_ALONE that is all: no interrupts, no other processors.
#
# KVM without hardware support emulates this code one instruction at a time, and not every instruction: nothing unusual here.

        .set    STACK_SIZE, 16384
        .set    PROTOCOL_PVH, 1
        .set    PROTOCOL_MULTIBOOT, 2
        .set    PROTOCOL_ELF64, 3

#ifndef PROBE_WITHOUT_MULTIBOOT
        # Multiboot Specification 0.6.96 §3.1, with address fields: an ELF64 has no other way.
        .section .multiboot, "a"
        .align  4
multiboot_header:
        .set    MB_FLAGS, 0x00010003
        .long   0x1BADB002, MB_FLAGS, -(0x1BADB002 + MB_FLAGS)
        .long   multiboot_header, image_start, image_load_end, image_end, multiboot_entry
#endif

        # XEN_ELFNOTE_PHYS32_ENTRY
        .section .note.pvh, "a", @note
        .align  4
        .long   4, 8, 18
        .asciz  "Xen"
        .quad   pvh_entry

        .section .text.entry, "ax"
        .code32
multiboot_entry:
        movl    $PROTOCOL_MULTIBOOT, %edi
        cmpl    $0x2BADB002, %eax
        je      enter_long_mode
        movl    $0, %edi
        jmp     enter_long_mode
pvh_entry:
        movl    $PROTOCOL_PVH, %edi
enter_long_mode:
        movl    %ebx, %esi
        lgdt    gdt_pointer
        movl    $page_map, %eax
        movl    %eax, %cr3
        movl    %cr4, %eax
        orl     $0x20, %eax             # PAE
        movl    %eax, %cr4
        movl    $0xC0000080, %ecx       # EFER
        rdmsr
        orl     $0x100, %eax            # LME
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000001, %eax       # PG, PE
        movl    %eax, %cr0
        ljmp    $0x08, $long_mode

        .code64
        .globl  elf64_entry
elf64_entry:
        cli
        movl    $PROTOCOL_ELF64, %edi   # RSI stays: 0, or the zero page
        lgdt    gdt_pointer
        movq    $page_map, %rax
        movq    %rax, %cr3
        movq    $stack_top, %rsp
        pushq   $0x08
        pushq   $long_mode
        lretq
long_mode:
        movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %fs
        movw    %ax, %gs
        movw    %ax, %ss
        movq    $stack_top, %rsp
        xorl    %ebp, %ebp
        call    probe_main
1:      cli
        hlt
        jmp     1b

#ifndef ENTRY_ALONE
        # Interrupts: the stub pushes its vector, the common part saves what C++ may change.
        .align  16
        .globl  interrupt_stubs
interrupt_stubs:
        .set    vector, 0
        .rept   256
        .align  16
        # Vectors 8, 10-14, 17, 21, 29 and 30 come with an error code: the others get a zero in its place.
        .if     !((vector == 8) | ((vector >= 10) & (vector <= 14)) | (vector == 17) | (vector == 21) | (vector == 29) | (vector == 30))
        pushq   $0
        .endif
        pushq   $vector
        jmp     interrupt_common
        .set    vector, vector + 1
        .endr
interrupt_common:
        pushq   %rax
        pushq   %rcx
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %r8
        pushq   %r9
        pushq   %r10
        pushq   %r11
        pushq   %rbp
        movq    80(%rsp), %rdi          # vector
        leaq    96(%rsp), %rsi          # where rip is
        movq    88(%rsp), %rdx          # error code
        cld
        call    interrupt
        popq    %rbp
        popq    %r11
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %rcx
        popq    %rax
        addq    $16, %rsp
        iretq

        # Other processors: SIPI starts them here, copied to a page below 1 MiB (Intel SDM volume 3 §8.4.4).
        .section .rodata
        .globl  trampoline_begin, trampoline_end
        .set    TRAMPOLINE, 0x70000
        .code16
        .align  16
trampoline_begin:
        cli
        cld
        movw    %cs, %ax
        movw    %ax, %ds
        lgdtl   trampoline_gdt_pointer - trampoline_begin
        movl    %cr0, %eax
        orl     $1, %eax
        movl    %eax, %cr0
        ljmpl   $0x18, $(TRAMPOLINE + trampoline_32 - trampoline_begin)
        .code32
trampoline_32:
        movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movl    $page_map, %eax
        movl    %eax, %cr3
        movl    %cr4, %eax
        orl     $0x20, %eax
        movl    %eax, %cr4
        movl    $0xC0000080, %ecx
        rdmsr
        orl     $0x100, %eax
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000001, %eax
        movl    %eax, %cr0
        ljmp    $0x08, $ap_long_mode
        .align  8
trampoline_gdt_pointer:
        .word   gdt_end - gdt - 1
        .long   gdt
trampoline_end:

        .section .text
        .code64
ap_long_mode:
        movq    $ap_stack_top, %rsp     # one processor is started at a time
        xorl    %ebp, %ebp
        call    ap_main
1:      cli
        hlt
        jmp     1b
#endif

        .section .data
        .align  8
gdt:
        .quad   0
        .quad   0x00AF9B000000FFFF      # 0x08: 64-bit code
        .quad   0x00CF93000000FFFF      # 0x10: data
        .quad   0x00CF9B000000FFFF      # 0x18: 32-bit code
gdt_end:
gdt_pointer:
        .word   gdt_end - gdt - 1
        .quad   gdt

        .align  4096
        .globl  page_map
page_map:
        .quad   page_directories_pointer + 3
        .fill   511, 8, 0
page_directories_pointer:
        .quad   page_directories + 3, page_directories + 0x1003, page_directories + 0x2003, page_directories + 0x3003
        .fill   508, 8, 0
page_directories:
        .set    page, 0
        .rept   2048
        .quad   page * 0x200000 + 0x83
        .set    page, page + 1
        .endr

        .section .bss
        .align  16
        .skip   STACK_SIZE
stack_top:
        .skip   STACK_SIZE
ap_stack_top:

        .section .note.GNU-stack, "", @progbits
