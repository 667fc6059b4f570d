#include "compiler/diff/diff.h"

#include <algorithm>
#include <array>

#include "compiler/diff/facts.h"
#include "compiler/diff/rules.h"

namespace nyx::diff {

namespace {

const Fact* find(const std::vector<Fact>& facts, const std::string& path) {
    auto found = std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.path == path; });
    return found == facts.end() ? nullptr : &*found;
}

// Whether `of` has bits that `than` has not.
bool more_bits(const Fact& of, const Fact& than) {
    return std::any_of(of.bits.begin(), of.bits.end(), [&](const auto& mask) {
        auto other =
            std::find_if(than.bits.begin(), than.bits.end(), [&](const auto& m) { return m.first == mask.first; });
        std::uint32_t known = other == than.bits.end() ? 0 : other->second;
        return (mask.second & ~known) != 0;
    });
}

ChangeKind kind_of(const Fact* before, const Fact* after) {
    if (!before) return ChangeKind::kAdded;
    if (!after) return ChangeKind::kRemoved;
    if (before->number && after->number)
        return *after->number > *before->number ? ChangeKind::kMore : ChangeKind::kLess;
    if (more_bits(*after, *before)) return ChangeKind::kMore;
    return more_bits(*before, *after) ? ChangeKind::kLess : ChangeKind::kChanged;
}

Place place_of(const Side& side, const Fact* fact) {
    Place place;
    if (!fact || !fact->where.known() || !side.sources) return place;
    source::Position at = side.sources->position(fact->where.file, fact->where.begin);
    place.file = side.sources->file(fact->where.file).path;
    place.line = at.line;
    place.column = at.column;
    place.is_default = fact->is_default || side.sources->file(fact->where.file).is_stdlib;
    return place;
}

class Comparison {
  public:
    Comparison(const Side& before, const Side& after)
        : before_(before), after_(after), old_(facts_of(before, after)), new_(facts_of(after, before)) {}

    std::vector<Change> changes() {
        for (const Fact& fact : old_) look_at(&fact, find(new_, fact.path));
        for (const Fact& fact : new_)
            if (!find(old_, fact.path)) look_at(nullptr, &fact);
        std::stable_sort(out_.begin(), out_.end(),
                         [](const Change& a, const Change& b) { return a.follows < b.follows; });
        return std::move(out_);
    }

  private:
    void look_at(const Fact* before, const Fact* after) {
        if (before && after && before->key == after->key) return;
        const Fact& any = before ? *before : *after;
        // A device that comes or goes is one change; what it has comes and goes with it.
        std::string device = any.path.substr(0, any.path.find('.', any.path.find('.') + 1));
        bool part = any.kind != "device" && device != any.path && (!before || !after);
        if (part && find(old_, device) == nullptr && find(new_, device)) return;
        if (part && find(new_, device) == nullptr && find(old_, device)) return;
        Verdict verdict = judge(any.kind, kind_of(before, after));
        Change change;
        change.path = before_.plan->name + "." + any.path;
        if (before) change.before = before->text;
        if (after) change.after = after->text;
        change.from = place_of(before_, before);
        change.to = place_of(after_, after);
        change.strength = verdict.strength;
        change.reason = verdict.reason;
        change.follows = any.follows;
        out_.push_back(std::move(change));
    }

    const Side& before_;
    const Side& after_;
    std::vector<Fact> old_;
    std::vector<Fact> new_;
    std::vector<Change> out_;
};

}  // namespace

const char* text_of(Class strength) {
    constexpr std::array<const char*, 5> kText = {"live", "needs the guest", "reboot", "rebuild",
                                                  "breaks the guest's view"};
    return kText.at(static_cast<std::size_t>(strength));
}

const char* meaning_of(Class strength) {
    constexpr std::array<const char*, 5> kText = {"the guest sees nothing of it", "the guest's drivers must take part",
                                                  "the guest's next start takes it in",
                                                  "the machine must be made anew; its guest finds what it knew",
                                                  "a guest that runs or is saved relies on what is gone or moved"};
    return kText.at(static_cast<std::size_t>(strength));
}

std::vector<Change> compare(const Side& before, const Side& after) {
    return Comparison(before, after).changes();
}

Class strongest(const std::vector<Change>& changes) {
    Class result = Class::kLive;
    for (const Change& change : changes) result = std::max(result, change.strength);
    return result;
}

}  // namespace nyx::diff
