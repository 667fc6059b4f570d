# FWAIT is harmless on a processor, and unknown to KVM's instruction emulator: where that runs the guest, the run ends here.
        .include "small.inc"
        .code64
        .globl  _start
_start: cld
        say32   before
        fwait
        say32   after
        finish  0
before: .asciz  "about to wait for the FPU\r\n"
after:  .asciz  "the FPU was waited for\r\n"
        .section .note.GNU-stack, "", @progbits
