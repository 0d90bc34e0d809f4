#pragma once
// JSON that people write: every value knows where it stands, and what is wrong is shown there. Duplicate keys
// are an error: the later one would win in silence.
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::host {

/// Where values and keys stand in the text, by JSON pointer: "/Plugins/0/Name".
struct JsonPlaces {
  struct Place {
    uint32_t offset = 0, length = 1;
  };
  std::map<std::string, Place> keys;    ///< of an object's member: its name, with the quotes
  std::map<std::string, Place> values;  ///< scalars whole, of others their first bracket
};

/// Reads one JSON text into `out` and notes where things stand.
Result<void> read_json(const std::string& file, const std::string& text, nlohmann::ordered_json& out,
                       JsonPlaces& places);

}  // namespace cmdai::host
