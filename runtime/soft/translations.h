// All that a CPU remembers of its page tables (Intel SDM volume 3, §4.10).
//
// Pages that CPL 3 may touch are kept for the last few PCIDs, each in tables of its own (a context), so that going back
// to a PCID finds them again. What the system sees is kept for the current PCID and, of global pages, for all: kernels
// map themselves as global, and the rest is little. To forget more than was asked for is always allowed (§4.10.4.1).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "runtime/soft/tlb.h"

namespace nyx::soft {

class Translations {
  public:
    DataTlb& data(View view) {
        return view == View::kUser ? context_->data : system_data_[view == View::kOpen ? 1 : 0];
    }
    CodeTlb& code(bool is_user) { return is_user ? context_->code : system_code_; }
    DataTlb& none() { return none_; }  // stays empty

    template <class Visit>
    void visit_data(Visit visit) {
        for (DataTlb& tlb : system_data_) visit(tlb);
        for (Context& context : contexts_) visit(context.data);
    }
    // Which links may lead elsewhere now.
    struct Dropped {
        bool system_code = false, user_code = false;
    };
    // Of every PCID; the current one is `pcid` from now on.
    void flush(bool with_global, std::uint32_t pcid) {
        auto one = [with_global](auto& tlb) {
            if (with_global)
                tlb.flush();
            else
                tlb.flush_all_but_global();
        };
        visit_data(one);
        one(system_code_);
        for (Context& context : contexts_) one(context.code);
        for (Context& context : contexts_) context.pcid = kNone;
        context_->pcid = pcid;
    }
    // Of one PCID, all but global pages.
    Dropped flush_context(std::uint32_t pcid) {
        const bool is_current = context_->pcid == pcid;
        for (Context& context : contexts_)
            if (context.pcid == pcid) context.flush();
        return {is_current && flush_system(), is_current};
    }
    // An address with the current PCID and, where pages are global, with any. flush: of one table; true: it was there.
    template <class Flush>
    Dropped flush_page(Flush flush) {
        Dropped dropped;
        for (DataTlb& tlb : system_data_) flush(tlb);
        dropped.system_code = flush(system_code_);
        for (Context& context : contexts_) {
            if (&context != context_ && !context.data.has_global() && !context.code.has_global()) continue;
            flush(context.data);
            dropped.user_code |= flush(context.code);
        }
        return dropped;
    }
    // MOV to CR3. keeps: what is remembered of this PCID is still right.
    Dropped switch_to(std::uint32_t pcid, bool keeps) {
        Dropped dropped{false, context_->pcid != pcid || !keeps};
        if (dropped.user_code) dropped.system_code = flush_system();
        if (context_->pcid != pcid) context_ = &context_of(pcid);
        if (!keeps) context_->flush();
        context_->last_use = ++uses_;
        return dropped;
    }

  private:
    static constexpr std::uint32_t kNone = ~0u;

    struct Context {
        std::uint32_t pcid = kNone;
        std::uint64_t last_use = 0;
        DataTlb data;
        CodeTlb code;

        void flush() {
            data.flush_all_but_global();
            code.flush_all_but_global();
        }
    };

    // True: there was code.
    bool flush_system() {
        for (DataTlb& tlb : system_data_) tlb.flush_all_but_global();
        return system_code_.flush_all_but_global();
    }
    // The one that has not been used for longest makes room.
    Context& context_of(std::uint32_t pcid) {
        for (Context& context : contexts_)
            if (context.pcid == pcid) return context;
        Context& oldest = *std::ranges::min_element(contexts_, {}, &Context::last_use);
        oldest.flush();
        oldest.pcid = pcid;
        return oldest;
    }

    std::array<DataTlb, 2> system_data_;
    CodeTlb system_code_;
    std::array<Context, 6> contexts_;  // as many as Linux uses
    Context* context_ = contexts_.data();
    std::uint64_t uses_ = 0;
    DataTlb none_;
};

}  // namespace nyx::soft
