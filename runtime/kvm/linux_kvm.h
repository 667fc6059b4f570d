// linux/kvm.h as C++ needs it. Everything in this folder that speaks to the kernel includes this, never the original.
//
// Its flexible arrays are declared behind an empty struct, which has size 0 in C but 1 in C++: sizes, offsets and with
// them the ioctl numbers of KVM_GET_SUPPORTED_CPUID, KVM_SET_CPUID2, KVM_SET_MSRS come out wrong (Linux 6.1 headers).
#pragma once
#pragma GCC system_header

#include <linux/stddef.h>
#undef __DECLARE_FLEX_ARRAY
#define __DECLARE_FLEX_ARRAY(TYPE, NAME) TYPE NAME[]
#include <linux/kvm.h>

static_assert(sizeof(kvm_cpuid2) == 8 && sizeof(kvm_msrs) == 8);
static_assert(KVM_GET_SUPPORTED_CPUID == 0xC008AE05 && KVM_SET_CPUID2 == 0x4008AE90 && KVM_SET_MSRS == 0x4008AE89);
