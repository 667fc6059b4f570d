// The steps of declare(). Private to this folder.
#pragma once

#include "compiler/device/declared.h"

namespace nyx::device {

// declare_fields.cc: "rw" and its like, in the order of dev::ir::Kind.
const std::vector<std::string>& kind_names();

class Declarer {
  public:
    Declarer(Declared& device, const Known& known) : device_(device), known_(known) {}
    void run();

  private:
    // Around an item.
    struct Surroundings {
        std::uint32_t bank = dev::ir::kNone;
        std::vector<Guard> guards;
        std::vector<const ast::PhaseItem*> phases;
    };

    // overrides.cc: a device that extends another has its items too, but for those that it overrides.
    void find_levels();
    void collect_overrides();
    const ast::DeviceItem& overridden(const ast::DeviceItem& item);
    void check_overrides();

    // declare.cc
    void options();
    void parameters();
    void parameter(const ast::Parameter& node);
    void setting(const ast::Parameter& node);
    void items(const ast::ItemList& list, const Surroundings& around);
    void item(const ast::DeviceItem& item, const Surroundings& around);
    bool add(const ast::Ident& name, SymbolKind kind, std::size_t index);
    void host(const ast::HostItem& item);
    void query(const ast::HostPort& port);
    void fact(const ast::HostPort& port, unsigned bits);
    void name_phases(const ast::ItemList& list);
    void phase(const ast::PhaseItem& item, const Surroundings& around);
    void state(const ast::StateItem& item, const Surroundings& around);
    std::uint32_t add_state(const std::string& name, dev::ir::Type type, Type element, std::uint64_t initial,
                            const std::vector<const ast::PhaseItem*>& phases);
    void timer(const ast::TimerItem& item);
    void function(const ast::FnItem& item);
    void enumeration(const ast::EnumItem& item);
    void acpi(const ast::AcpiItem& item);
    void derive(const ast::DeriveItem& item);

    // declare_class.cc
    void check_class();
    void check_of_class(const ast::DeviceItem& item);
    void check_of_class(const ast::HostPort& port);

    // declare_banks.cc
    void order_banks();
    void bank(const ast::BankItem& item);
    void bank_options(const ast::BankItem& item, dev::ir::Bank& bank);

    // declare_registers.cc
    void reg(const ast::RegItem& item, const Surroundings& around);
    bool place(const ast::RegItem& item, RegisterInfo& info);
    void handlers(const ast::RegItem& item, RegisterInfo& info);
    void parts(const ast::RegItem& item, RegisterInfo& info);
    void storage(RegisterInfo& info);
    std::uint32_t window_on(const Symbol& array) const;
    void index_pair(const ast::IndexItem& item, const Surroundings& around);

    // declare_fields.cc
    void fields(const ast::RegItem& item, RegisterInfo& info);
    void field(const ast::RegItem& item, const ast::RegField& node, RegisterInfo& info);
    bool field_bits(const ast::RegField& node, unsigned width, FieldInfo& field);
    bool kind(const ast::KindRef& node, FieldInfo& field);
    bool rest(const ast::RegField& node, FieldInfo& others);

    diagnostics::Diagnostic& bad(Span where, std::string message) {
        return device_.report(diagnostics::Code::kDeviceItem, where, std::move(message));
    }

    struct Override {
        const ast::DeviceItem* item = nullptr;
        bool is_used = false;
    };

    Declared& device_;
    const Known& known_;
    std::map<std::string, Override> overrides_;             // by kind and name
    std::map<std::string, std::string> can_be_overridden_;  // names of items by the same keys
    std::vector<const ast::BankItem*> banks_;               // by index of program.banks
};

}  // namespace nyx::device
