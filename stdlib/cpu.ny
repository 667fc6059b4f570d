"""Processor profiles. A profile takes away from what the host's KVM supports, and may insist on something; it never adds."""

schema cpu_profile {
    """Which features the guest sees. `cpu = host(without: [avx])` takes more away, of any profile."""
    hides: list<cpu_level> = [] """Levels of which the guest sees no feature."""
    needs: list<cpu_level> = [] """Levels that the host must have in full."""
    without: list<cpuid_bit> = [] """Further features that the guest does not see."""
    requires: list<cpuid_bit> = [] """Further features that the host must have."""
}

schema host : cpu_profile {
    """Everything that this host's KVM supports. Such a machine may find another processor on another host."""
}

schema x86_64_v1 : cpu_profile {
    """What every 64-bit x86 processor has (System V ABI for AMD64, section 3.1.1: x86-64)."""
    needs = [level_v1]
    hides = [level_v2, level_v3, level_v4, beyond]
}

schema x86_64_v2 : cpu_profile {
    """x86-64-v2: from about 2009 on."""
    needs = [level_v1, level_v2]
    hides = [level_v3, level_v4, beyond]
}

schema x86_64_v3 : cpu_profile {
    """x86-64-v3: with AVX2, from about 2013 on."""
    needs = [level_v1, level_v2, level_v3]
    hides = [level_v4, beyond]
}

schema cpu_level {
    """Features that belong together."""
    features: list<cpuid_bit> """Their names, from std.cpuid."""
}

schema level_v1 : cpu_level {
    """System V ABI for AMD64, table 3.1, x86-64."""
    features = [fpu, cx8, cmov, mmx, fxsr, sse, sse2, syscall]
}

schema level_v2 : cpu_level {
    """Table 3.1, x86-64-v2."""
    features = [sse3, ssse3, cx16, sse4_1, sse4_2, popcnt, lahf_lm]
}

schema level_v3 : cpu_level {
    """Table 3.1, x86-64-v3. OSXSAVE follows the guest's CR4; the processor's part of it is XSAVE."""
    features = [fma, movbe, xsave, avx, f16c, bmi1, avx2, bmi2, abm]
}

schema level_v4 : cpu_level {
    """Table 3.1, x86-64-v4, and the state that AVX-512 adds."""
    features = [
        avx512f, avx512dq, avx512cd, avx512bw, avx512vl, xcr0_opmask, xcr0_zmm_hi256, xcr0_hi16_zmm
    ]
}

schema beyond : cpu_level {
    """Wider vectors than any level has, and what depends on them."""
    features = [
        avx512_ifma, avx512_vbmi, avx512_vbmi2, avx512_vnni, avx512_bitalg, avx512_vpopcntdq,
        avx512_4vnniw, avx512_4fmaps, avx512_vp2intersect, avx512_fp16, avx512_bf16, avx_vnni,
        avx_ifma, avx_vnni_int8, avx_ne_convert, amx_bf16, amx_tile, amx_int8, amx_fp16,
        xcr0_tilecfg, xcr0_tiledata
    ]
}

schema host_quirk {
    """What a kind of host, named as `nyx doctor` names it, claims to support and does not: hidden there from every guest."""
    hides: list<cpuid_bit> """Names from std.cpuid."""
}

schema kvm_pvm : host_quirk {
    """KVM over page tables, without VMX or SVM. Kernel code runs in KVM's instruction emulator, which lacks the instructions of
    these features: CMPXCHG16B, the XSAVE family, STAC and CLAC, INVPCID, MOVBE, POPCNT, CRC32, CLWB, RDPRU, SSE beyond SSE2 and
    everything with a VEX prefix; fast string moves are not fast there."""
    hides = [
        sse3, pclmulqdq, ssse3, fma, cx16, sse4_1, sse4_2, movbe, popcnt, aes, xsave, osxsave, avx,
        f16c, bmi1, avx2, bmi2, abm, erms, invpcid, smap, adx, clwb, sha_ni, fsrm, rdpru, sse4a,
        xsaveopt, xsavec, xgetbv1, xsaves
    ]
}
