# Flat, long mode: reads the directory of fw_cfg and its first file through the ports, then that file and the signature by DMA
# (QEMU docs/specs/fw_cfg.rst).
        .include "small.inc"
        .set    SELECTOR, 0x510
        .set    DATA, 0x511
        .set    DMA_LOW, 0x518
        .set    DIRECTORY, 0x19
        .set    ACCESS, 0x200000        # of FWCfgDmaAccess: control, length, address, big-endian
        .set    ENTRY, 0x200100         # of the directory
        .set    BUFFER, 0x201000

        .macro  choose key
        movl    \key, %eax
        movw    $SELECTOR, %dx
        outw    %ax, %dx
        .endm
        # So many bytes of the item to BUFFER, with a NUL behind them.
        .macro  read_bytes count
        movl    \count, %ecx
        movl    $BUFFER, %edi
        movw    $DATA, %dx
        rep insb
        movb    $0, (%rdi)
        .endm

        .code64
        .globl  _start
_start: cld
        movl    $0x300000, %esp
        choose  $0
        read_bytes $4
        cmpl    $0x554D4551, BUFFER     # "QEMU"
        jne     bad
        choose  $DIRECTORY
        read_bytes $68
        movl    BUFFER, %eax
        testl   %eax, %eax
        jz      none
        movl    $BUFFER + 4, %esi       # size, key, two bytes, name
        movl    $ENTRY, %edi
        movl    $64, %ecx
        rep movsb
        say32   ENTRY + 8
        say32   colon
        movl    ENTRY, %ebx
        bswapl  %ebx                    # bytes
        movzwl  ENTRY + 4, %ebp
        rolw    $8, %bp                 # key
        choose  %ebp
        read_bytes %ebx
        say32   BUFFER
        say32   end

        movl    %ebp, %eax
        shll    $16, %eax
        orl     $0x0A, %eax             # SELECT, READ
        bswapl  %eax
        movl    %eax, ACCESS
        movl    %ebx, %eax
        bswapl  %eax
        movl    %eax, ACCESS + 4
        movl    $0, ACCESS + 8
        movl    $BUFFER, %eax
        movb    $'?', (%rax)
        bswapl  %eax
        movl    %eax, ACCESS + 12
        movl    $ACCESS, %eax
        bswapl  %eax
        movw    $DMA_LOW, %dx
        outl    %eax, %dx
        cmpl    $0, ACCESS              # no error, and done
        jne     bad
        say32   dma
        say32   BUFFER
        say32   end
        # Memory that is not there is an error, which is said.
        movl    $0x02000000, ACCESS     # READ
        movl    $-1, ACCESS + 8
        movl    $ACCESS, %eax
        bswapl  %eax
        movw    $DMA_LOW, %dx
        outl    %eax, %dx
        cmpl    $0x01000000, ACCESS
        jne     bad
        finish  0
none:   say32   empty
        finish  0
bad:    finish  1
colon:  .asciz  ": "
dma:    .asciz  "by DMA: "
end:    .asciz  "\r\n"
empty:  .asciz  "no files\r\n"
        .section .note.GNU-stack, "", @progbits
