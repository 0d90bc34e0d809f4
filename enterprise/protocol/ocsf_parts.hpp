#pragma once
// Parts of an OCSF event that every class has: inside this room only.
#include "enterprise/protocol/json_text.hpp"
#include "enterprise/protocol/ocsf.hpp"

namespace cmdai::wire::ocsf {

/// What is looked up in an event of ours: an absent member, or one of another type, is an empty object, text
/// or nothing.
const Json& object_of(const Json& json, const char* name);
std::string text_of(const Json& json, const char* name);
/// A text, or an integer as text: an id that OCSF wants as a text.
std::string id_of(const Json& json, const char* name);
/// The event's line is a stranger's, and OCSF's types are strict: what is no text, or empty, or no integer,
/// is not mapped (`unmapped` still has it).
void put(OrderedJson& to, const char* name, std::string text);
void copy_number(const Json& from, const char* name, OrderedJson& to, const char* as);

/// `severity_id` of the rule that decided, or of the action: 1 (informational) to 5 (critical).
int severity_of(const Json& event);

OrderedJson metadata(const Json& event, OcsfVersion version, const std::vector<std::string>& profiles);
OrderedJson device(const Json& event);
OrderedJson actor(const Json& event);
/// The agent as the object `ai_agent` of 1.9; null where no agent is named.
OrderedJson ai_agent(const Json& event);
/// What the schema has no place for, with the event's place in its chain.
OrderedJson unmapped(const Json& event, std::string_view line, OcsfVersion version);

/// Members of the profile security_control, from the decision and what a person answered.
void add_security_control(const Json& event, OrderedJson& out);

}  // namespace cmdai::wire::ocsf
