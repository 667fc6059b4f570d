// The bitcode that make_templates wrote.
asm(R"(
    .section .rodata
    .global nyx_soft_templates_start, nyx_soft_templates_end
    .hidden nyx_soft_templates_start, nyx_soft_templates_end
    .balign 16
nyx_soft_templates_start:
    .incbin ")" NYX_SOFT_TEMPLATES_FILE R"("
nyx_soft_templates_end:
    .previous
)");
