"""Features of x86 processors by name. Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E. Names as in Linux."""

schema cpuid {
    """One register that CPUID returns, and the names of its bits."""
    leaf: int(0..0xFFFFFFFF) """EAX on input."""
    subleaf: int(0..0xFFFFFFFF) = 0 """ECX on input."""
    register: one_of(eax, ebx, ecx, edx) """Where the bits are."""
    bits: map<int(0..31)> """Name and number of each."""
}

schema cpuid_1_ecx : cpuid {
    leaf = 1
    register = ecx
    bits = {
        sse3: 0, pclmulqdq: 1, monitor: 3, vmx: 5, ssse3: 9, fma: 12, cx16: 13, pdcm: 15, pcid: 17,
        sse4_1: 19, sse4_2: 20, x2apic: 21, movbe: 22, popcnt: 23, tsc_deadline_timer: 24, aes: 25,
        xsave: 26, osxsave: 27, avx: 28, f16c: 29, rdrand: 30, hypervisor: 31
    }
}

schema cpuid_1_edx : cpuid {
    leaf = 1
    register = edx
    bits = {
        fpu: 0, vme: 1, de: 2, pse: 3, tsc: 4, msr: 5, pae: 6, mce: 7, cx8: 8, apic: 9, sep: 11,
        mtrr: 12, pge: 13, mca: 14, cmov: 15, pat: 16, pse36: 17, clflush: 19, mmx: 23, fxsr: 24,
        sse: 25, sse2: 26, ss: 27, ht: 28
    }
}

schema cpuid_7_ebx : cpuid {
    leaf = 7
    register = ebx
    bits = {
        fsgsbase: 0, tsc_adjust: 1, bmi1: 3, hle: 4, avx2: 5, smep: 7, bmi2: 8, erms: 9,
        invpcid: 10, rtm: 11, mpx: 14, avx512f: 16, avx512dq: 17, rdseed: 18, adx: 19, smap: 20,
        avx512_ifma: 21, clflushopt: 23, clwb: 24, avx512cd: 28, sha_ni: 29, avx512bw: 30,
        avx512vl: 31
    }
}

schema cpuid_7_ecx : cpuid {
    leaf = 7
    register = ecx
    bits = {
        avx512_vbmi: 1, umip: 2, pku: 3, ospke: 4, waitpkg: 5, avx512_vbmi2: 6, gfni: 8, vaes: 9,
        vpclmulqdq: 10, avx512_vnni: 11, avx512_bitalg: 12, avx512_vpopcntdq: 14, la57: 16,
        rdpid: 22, movdiri: 27, movdir64b: 28
    }
}

schema cpuid_7_edx : cpuid {
    leaf = 7
    register = edx
    bits = {
        avx512_4vnniw: 2, avx512_4fmaps: 3, fsrm: 4, avx512_vp2intersect: 8, md_clear: 10,
        serialize: 14, amx_bf16: 22, avx512_fp16: 23, amx_tile: 24, amx_int8: 25, spec_ctrl: 26,
        stibp: 27, arch_capabilities: 29, ssbd: 31
    }
}

schema cpuid_7_1_eax : cpuid {
    leaf = 7
    subleaf = 1
    register = eax
    bits = {avx_vnni: 4, avx512_bf16: 5, fzrm: 10, fsrs: 11, fsrc: 12, amx_fp16: 21, avx_ifma: 23}
}

schema cpuid_7_1_edx : cpuid {
    leaf = 7
    subleaf = 1
    register = edx
    bits = {avx_vnni_int8: 4, avx_ne_convert: 5}
}

schema cpuid_d_0_eax : cpuid {
    """States that XSAVE handles (XCR0)."""
    leaf = 0xD
    register = eax
    bits = {
        xcr0_opmask: 5, xcr0_zmm_hi256: 6, xcr0_hi16_zmm: 7, xcr0_pkru: 9, xcr0_tilecfg: 17,
        xcr0_tiledata: 18
    }
}

schema cpuid_d_1_eax : cpuid {
    leaf = 0xD
    subleaf = 1
    register = eax
    bits = {xsaveopt: 0, xsavec: 1, xgetbv1: 2, xsaves: 3}
}

schema cpuid_80000001_ecx : cpuid {
    leaf = 0x80000001
    register = ecx
    bits = {
        lahf_lm: 0, svm: 2, cr8_legacy: 4, abm: 5, sse4a: 6, misalignsse: 7, prefetchw: 8, osvw: 9,
        xop: 11, fma4: 16, tbm: 21, topoext: 22, perfctr_core: 23
    }
}

schema cpuid_80000001_edx : cpuid {
    leaf = 0x80000001
    register = edx
    bits = {syscall: 11, nx: 20, mmxext: 22, fxsr_opt: 25, pdpe1gb: 26, rdtscp: 27, lm: 29}
}

schema cpuid_80000008_ebx : cpuid {
    leaf = 0x80000008
    register = ebx
    bits = {
        clzero: 0, xsaveerptr: 2, rdpru: 4, wbnoinvd: 9, amd_ibpb: 12, amd_ibrs: 14, amd_stibp: 15,
        amd_ssbd: 24
    }
}
