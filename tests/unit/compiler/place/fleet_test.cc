#include "compiler/place/fleet.h"

#include <doctest/doctest.h>

#include "tests/unit/compiler/place/sample_machine.h"

using namespace nyx;
using namespace nyx::place;
using diagnostics::Code;

namespace {

model::Machine machine(const std::string& name, std::uint32_t place, const std::string& log) {
    model::Machine made;
    made.name = name;
    made.where = span(place);
    made.memory = at<std::uint64_t>(std::uint64_t{1} << 30, place + 1);
    made.cpus = at<std::uint32_t>(2, place + 2);
    made.devices.push_back(serial("com1", place + 3));
    model::Field backend;
    backend.value = std::string("file");
    model::Field path;
    path.value = log;
    path.where = span(place + 4);
    made.devices[0].host = {{"backend", backend}, {"backend.path", path}};
    return made;
}

std::vector<diagnostics::Diagnostic> findings(const std::vector<model::Machine>& machines,
                                              const std::vector<model::Host>& hosts) {
    diagnostics::Sink sink;
    std::vector<const model::Machine*> all;
    for (const model::Machine& one : machines) all.push_back(&one);
    check_fleet(all, hosts, sink);
    return sink.all();
}

model::Host host(const std::string& name) {
    model::Host made;
    made.name = name;
    made.where = span(90);
    return made;
}

}  // namespace

TEST_CASE("one file of two machines is a mistake on one host, else a warning") {
    std::vector<model::Machine> two = {machine("a", 10, "x/../log"), machine("b", 20, "log")};
    REQUIRE(findings(two, {}).size() == 1);
    CHECK(findings(two, {})[0].severity == diagnostics::Severity::kWarning);
    diagnostics::Diagnostic finding = findings(two, {host("rack")}).at(0);
    CHECK(finding.severity == diagnostics::Severity::kError);
    CHECK(finding.code == Code::kSharedHostFile);
    CHECK(finding.primary.span == span(24));
    CHECK(finding.labels.at(0).span == span(14));
    two[1] = machine("b", 20, "other");
    CHECK(findings(two, {host("rack")}).empty());
}

TEST_CASE("a host has enough, or all who take of it are named") {
    std::vector<model::Machine> two = {machine("a", 10, "a"), machine("b", 20, "b")};
    model::Host rack = host("rack");
    rack.memory = at<std::uint64_t>(std::uint64_t{2} << 30, 91);
    rack.cpus = at<std::uint32_t>(4, 92);
    CHECK(findings(two, {rack}).empty());
    rack.cpus = at<std::uint32_t>(3, 92);
    diagnostics::Diagnostic finding = findings(two, {rack}).at(0);
    CHECK(finding.code == Code::kHostFull);
    CHECK(finding.message == "the machines of rack take 4 vCPUs, and it has 3");
    CHECK(finding.primary.span == span(92));
    REQUIRE(finding.labels.size() == 2);
    CHECK(finding.labels[0].span == span(12));
    CHECK(finding.labels[1].text == "b takes 2");
}

TEST_CASE("what one host names, another does not run") {
    std::vector<model::Machine> two = {machine("a", 10, "log"), machine("b", 20, "log")};
    model::Host first = host("first");
    first.machines = {at(std::string("a"), 93)};
    CHECK(findings(two, {first, host("second")}).empty());
    model::Host second = host("second");
    second.machines = {at(std::string("a"), 94), at(std::string("c"), 95)};
    std::vector<diagnostics::Diagnostic> all = findings(two, {first, second});
    REQUIRE(all.size() == 2);
    CHECK(all[0].message == "a runs on first and on second");
    CHECK(all[0].labels.at(0).span == span(93));
    CHECK(all[1].message == "second runs `c`, and there is no such machine");
}
